// What Cuda does together of whole networks, as compile-time facts.
#include <tnn/alexnet.hpp>
#include <tnn/cuda.cuh>
#include <tnn/resnet.hpp>

#include "support/catch.hpp"
#include "support/step_lengths.hpp"

using namespace tnn;

TEST_CASE("ResNet-18 is 24 steps on Cuda in inference, and 61 in training", "[cuda]") {
  // In inference a convolution stores what its norm, the sum and the ReLU make of it, as on Cpu.
  // In training a norm needs the whole batch's sums first: the sum and the ReLU behind it alone are
  // done together.
  STATIC_REQUIRE(
      step_lengths<ResNet18<>, Cuda, mode::infer>() ==
      std::array{3, 1, 3, 4, 3, 4, 3, 2, 4, 3, 4, 3, 2, 4, 3, 4, 3, 2, 4, 3, 4, 1, 1, 1});
  STATIC_REQUIRE(detail::steps<ResNet18<>, Cuda, float, mode::train>::count == 61);
}

TEST_CASE("AlexNet is 12 steps on Cuda, in inference and in training", "[cuda]") {
  // A convolution or Linear with its ReLU, and Linear with the Dropout behind that too; the pools,
  // Flatten and the last Linear alone.
  constexpr std::array lengths{2, 1, 2, 1, 2, 2, 2, 1, 1, 3, 3, 1};
  STATIC_REQUIRE(step_lengths<AlexNet<>, Cuda, mode::infer>() == lengths);
  STATIC_REQUIRE(step_lengths<AlexNet<>, Cuda, mode::train>() == lengths);
}
