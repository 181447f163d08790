// What Cpu does together of whole networks, as compile-time facts: no BatchNorm2d, no sum of a
// Residual behind one, and no ReLU behind a convolution is a step of its own.
#include <tnn/alexnet.hpp>
#include <tnn/cpu.hpp>
#include <tnn/resnet.hpp>

#include "support/catch.hpp"
#include "support/step_lengths.hpp"

using namespace tnn;

namespace {

using plain_sum =
    Residual<Sequential<Conv2d<8, Kernel<3>, Padding<1>>, ReLU, Conv2d<8, Kernel<3>, Padding<1>>>>;

}  // namespace

TEST_CASE("ResNet-18 is 24 steps on Cpu, in inference and in training") {
  // conv1 with its norm and ReLU; the pool; then of each block the first convolution, and the
  // second with its norm, the sum and the ReLU; before the sums of the last three stages' first
  // blocks, the shortcut's convolution and norm; at the end pool, Flatten and Linear.
  constexpr std::array lengths{3, 1, 3, 4, 3, 4, 3, 2, 4, 3, 4, 3,
                               2, 4, 3, 4, 3, 2, 4, 3, 4, 1, 1, 1};
  STATIC_REQUIRE(detail::steps<ResNet18<>, Cpu, float, mode::infer>::count == 24);
  STATIC_REQUIRE(step_lengths<ResNet18<>, Cpu, mode::infer>() == lengths);
  STATIC_REQUIRE(step_lengths<ResNet18<>, Cpu, mode::train>() == lengths);
}

TEST_CASE("AlexNet is 13 steps on Cpu, in inference and in training") {
  // A convolution with its ReLU, and the pool where one follows; then layer by layer.
  constexpr std::array lengths{3, 3, 2, 2, 3, 1, 1, 1, 1, 1, 1, 1, 1};
  STATIC_REQUIRE(step_lengths<AlexNet<>, Cpu, mode::infer>() == lengths);
  STATIC_REQUIRE(step_lengths<AlexNet<>, Cpu, mode::train>() == lengths);
}

TEST_CASE("the sum of a Residual without a BatchNorm2d is a step with the ReLU behind it alone") {
  using Net = Sequential<Input<8, 8, 8>, plain_sum, ReLU>;
  STATIC_REQUIRE(step_lengths<Net, Cpu, mode::infer>() == std::array{2, 1, 2});
}
