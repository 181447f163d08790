#include <tnn/layers/relu/relu.hpp>

#include "support/layer_fixture.hpp"

using namespace tnn;

using relu_case = layer_case<ReLU, Shape<2, 3, 4>>;

TEST_CASE("Reference's ReLU is PyTorch's", "[relu]") { check_pytorch<relu_case>("relu"); }

TEST_CASE("ReLU's gradients are its differences", "[relu]") {
  check_gradients<relu_case>(question_for<relu_case>(2));
}

TEST_CASE("Cpu's ReLU agrees with Reference", "[relu]") {
  for_each_case<relu_case, layer_case<ReLU, Shape<1>>, layer_case<ReLU, Shape<5, 17, 31>>,
                // more than an item of a loop takes
                layer_case<ReLU, Shape<4096>>, layer_case<ReLU, Shape<9001>>>(
      [](auto c) { check_cpu<decltype(c)>(); });
}

TEMPLATE_TEST_CASE("ReLU at zero, at infinity and at NaN", "[relu]", Reference, Cpu) {
  const double infinity = std::numeric_limits<double>::infinity();
  question q;
  q.x = {0.0, -0.0, infinity, -infinity, 1e-40, -1e-40, std::nan("")};
  q.dy = {2, 3, 4, 5, 6, 7, 8};
  for (const bool in_place : {false, true}) {
    answer a = ask<layer_case<ReLU, Shape<7>>, double>(TestType{}, q, in_place);
    CHECK(std::isnan(a.y.back()));
    a.y.pop_back();
    CHECK(a.y == std::vector<double>{0, 0, infinity, 0, 1e-40, 0});
    CHECK(a.dx == std::vector<double>{0, 0, 4, 0, 6, 0, 0});
  }
}
