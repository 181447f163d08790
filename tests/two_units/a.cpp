// A program of two files that both include and use everything must link: see b.cpp.
#include <tnn/alexnet.hpp>
#include <tnn/cpu.hpp>
#include <tnn/images.hpp>
#include <tnn/io.hpp>
#include <tnn/tnn.hpp>
#include <tnn/train.hpp>

#include <array>

std::array<float, 3> logits_of_b();

using Net = tnn::Sequential<tnn::Input<1, 6, 6>, tnn::Conv2d<2, tnn::Kernel<3>>, tnn::ReLU,
                            tnn::Flatten, tnn::Linear<3>>;

int main() {
  tnn::Model<Net, tnn::Cpu> model{tnn::Cpu{.threads = 2}, {.capacity = 1, .seed = 1}};
  std::array<float, 36> image{};
  image.fill(0.5f);
  std::array<float, 3> logits{};
  model.forward(image, logits);
  return logits == logits_of_b() && logits != std::array<float, 3>{} ? 0 : 1;
}
