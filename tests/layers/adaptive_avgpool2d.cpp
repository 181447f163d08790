#include <tnn/layers/adaptive_avgpool2d/adaptive_avgpool2d.hpp>

#include "support/layer_fixture.hpp"

using namespace tnn;

namespace {
using down = layer_case<AdaptiveAvgPool2d<3, 4>, Shape<2, 7, 9>>;
using up = layer_case<AdaptiveAvgPool2d<5, 7>, Shape<2, 3, 4>>;
using to_six = layer_case<AdaptiveAvgPool2d<6>, Shape<1, 13, 13>>;
}  // namespace

TEMPLATE_TEST_CASE("AdaptiveAvgPool2d's windows overlap", "[adaptive_avgpool2d]", Reference, Cpu) {
  using Case = layer_case<AdaptiveAvgPool2d<1, 2>, Shape<1, 1, 3>>;
  question q;
  q.x = {1, 3, 7};
  q.dy = {2, 4};
  const answer a = ask<Case, float>(TestType{}, q);
  CHECK(a.y == std::vector<double>{2, 5});
  CHECK(a.dx == std::vector<double>{1, 3, 2});
}

TEST_CASE("Reference's AdaptiveAvgPool2d is PyTorch's", "[adaptive_avgpool2d]") {
  check_pytorch<down>("adaptive_avgpool2d/down");
  check_pytorch<up>("adaptive_avgpool2d/up");
  check_pytorch<to_six>("adaptive_avgpool2d/6");
}

TEST_CASE("AdaptiveAvgPool2d's gradients are its differences", "[adaptive_avgpool2d]") {
  for_each_case<down, up>(
      [](auto c) { check_gradients<decltype(c)>(question_for<decltype(c)>(2)); });
}

TEST_CASE("Cpu's AdaptiveAvgPool2d agrees with Reference", "[adaptive_avgpool2d]") {
  for_each_case<down, up, to_six, layer_case<AdaptiveAvgPool2d<1>, Shape<3, 5, 7>>,
                layer_case<AdaptiveAvgPool2d<5, 7>, Shape<2, 5, 7>>,
                layer_case<AdaptiveAvgPool2d<4, 2>, Shape<3, 8, 6>>,
                layer_case<AdaptiveAvgPool2d<11, 3>, Shape<1, 2, 10>>>(
      [](auto c) { check_cpu<decltype(c)>(); });
}
