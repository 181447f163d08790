// libtorch's side of the comparison: pytorch.py in C++, without an interpreter and without
// the CUDA half of the wheel. --layout channels_last is PyTorch's other order of an image.
#include <torch/torch.h>

#include "measure.hpp"

namespace {

using torch::nn::Conv2d, torch::nn::Conv2dOptions, torch::nn::Linear;

auto pool() { return torch::nn::MaxPool2d(torch::nn::MaxPool2dOptions(3).stride(2)); }
auto relu() { return torch::nn::ReLU(); }
auto conv(int in, int out, int kernel, int padding, int stride = 1) {
  return Conv2d(Conv2dOptions(in, out, kernel).stride(stride).padding(padding));
}

torch::nn::Sequential alexnet() {
  return torch::nn::Sequential(conv(1, 96, 11, 1, 4), relu(), pool(),                       //
                               conv(96, 256, 5, 2), relu(), pool(),                         //
                               conv(256, 384, 3, 1), relu(), conv(384, 384, 3, 1), relu(),  //
                               conv(384, 256, 3, 1), relu(), pool(), torch::nn::Flatten(),  //
                               Linear(6400, 4096), relu(), torch::nn::Dropout(0.5),         //
                               Linear(4096, 4096), relu(), torch::nn::Dropout(0.5),
                               Linear(4096, 10));
}

}  // namespace

int main(int argc, char** argv) {
  const peer::asked a = peer::options(argc, argv);
  at::set_num_threads(a.threads);
  torch::manual_seed(1);
  auto net = alexnet();
  auto images = torch::rand({a.batch, 1, 224, 224});
  const auto labels = torch::arange(a.batch, torch::kLong) % 10;
  if (a.layout == "channels_last") {
    images = images.contiguous(at::MemoryFormat::ChannelsLast);
    for (auto& p : net->parameters())
      if (p.dim() == 4) p.set_data(p.contiguous(at::MemoryFormat::ChannelsLast));
  }
  net->train(a.train);
  if (a.train) {
    torch::optim::SGD optimizer(net->parameters(),
                                torch::optim::SGDOptions(1e-4).momentum(0.9).weight_decay(5e-4));
    peer::report("libtorch " TORCH_VERSION, a, [&] {
      optimizer.zero_grad();
      torch::nn::functional::cross_entropy(net->forward(images), labels).backward();
      optimizer.step();
    });
  } else {
    const torch::NoGradGuard no_gradients;
    peer::report("libtorch " TORCH_VERSION, a, [&] { net->forward(images); });
  }
}
