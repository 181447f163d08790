#include <tnn/layers/avgpool2d/avgpool2d.hpp>

#include "support/layer_fixture.hpp"

using namespace tnn;

namespace {
using overlapping = layer_case<AvgPool2d<Kernel<3>, Stride<2>>, Shape<3, 7, 8>>;
using padded = layer_case<AvgPool2d<Kernel<3, 4>, Stride<2, 3>, Padding<1, 2>>, Shape<2, 6, 9>>;
}  // namespace

TEMPLATE_TEST_CASE("zeros of the padding count in AvgPool2d", "[avgpool2d]", Reference, Cpu) {
  using Case = layer_case<AvgPool2d<Kernel<2>, Stride<2>, Padding<1>>, Shape<1, 2, 2>>;
  question q;
  q.x = {4, 8, 12, 16};
  q.dy = {4, 8, 12, 16};
  const answer a = ask<Case, float>(TestType{}, q);
  CHECK(a.y == std::vector<double>{1, 2, 3, 4});
  CHECK(a.dx == std::vector<double>{1, 2, 3, 4});
}

TEST_CASE("Reference's AvgPool2d is PyTorch's", "[avgpool2d]") {
  check_pytorch<overlapping>("avgpool2d/overlapping");
  check_pytorch<padded>("avgpool2d/padded");
}

TEST_CASE("AvgPool2d's gradients are its differences", "[avgpool2d]") {
  for_each_case<overlapping, padded>(
      [](auto c) { check_gradients<decltype(c)>(question_for<decltype(c)>(2)); });
}

TEST_CASE("Cpu's AvgPool2d agrees with Reference", "[avgpool2d]") {
  for_each_case<overlapping, padded, layer_case<AvgPool2d<Kernel<1>>, Shape<2, 3, 3>>,
                layer_case<AvgPool2d<Kernel<2>>, Shape<3, 5, 7>>,
                layer_case<AvgPool2d<Kernel<5, 3>>, Shape<4, 5, 3>>,
                layer_case<AvgPool2d<Kernel<2>, Stride<3, 4>>, Shape<2, 9, 11>>>(
      [](auto c) { check_cpu<decltype(c)>(); });
}
