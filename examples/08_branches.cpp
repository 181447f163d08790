// Networks that branch: a residual block, a gate, and branches of several kernels, trained on one
// batch.
#include <cstdio>
#include <vector>

#include <tnn/cpu.hpp>
#include <tnn/train/training.hpp>

using namespace tnn;

// [network]
template <int Channels, int Size>
using ConvNorm =
    Sequential<Conv2d<Channels, Kernel<Size>, Padding<Size / 2>, NoBias>, BatchNorm2d<>, ReLU>;

template <int Channels>
using Block = Residual<Sequential<ConvNorm<Channels, 3>,  //
                                  Conv2d<Channels, Kernel<3>, Padding<1>>>>;

template <int Channels>  // squeeze-and-excitation: a number for each channel, of all its values
using Excite =
    Gate<Sequential<AdaptiveAvgPool2d<1>,  //
                    Conv2d<Channels / 4, Kernel<1>>, ReLU, Conv2d<Channels, Kernel<1>>, Sigmoid>>;

using Net = Sequential<Input<3, 16, 16>, ConvNorm<8, 3>,  //
                       Named<"block", Block<8>>, Excite<8>,
                       Concat<Identity, ConvNorm<4, 1>, ConvNorm<4, 5>>,  //
                       AdaptiveAvgPool2d<1>, Flatten, Linear<5>>;
static_assert(outputs<Net, Shape<5>>);
// [/network]

int main() {
  print_summary<Net>();

  Model<Net, Cpu> model{Cpu{}, {.capacity = 10, .seed = 1}};
  Training training{model, {.capacity = 10}};
  std::vector<float> images(10 * 3 * 16 * 16);  // stripes, of another width for each label
  for (std::size_t i = 0; i < images.size(); ++i)
    images[i] = i % 16 % (i / 768 % 5 + 2) == 0 ? 1.0f : 0.0f;
  const std::vector<std::int32_t> labels{0, 1, 2, 3, 4, 0, 1, 2, 3, 4};
  double first = 0, last = 0;
  for (int step = 0; step < 60; ++step) {
    last = training.step(images, labels, {.rate = 0.1, .momentum = 0.9}).mean_loss();
    if (step == 0) first = last;
  }
  std::printf("learns its batch by heart: %s\n", first > 1 && last < first / 10 ? "yes" : "no");
}
