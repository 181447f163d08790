#include <tnn/layers/silu/silu.hpp>

#include "support/layer_fixture.hpp"

using namespace tnn;

using silu_case = layer_case<SiLU, Shape<2, 3, 4>>;

TEST_CASE("Reference's SiLU is PyTorch's", "[silu]") { check_pytorch<silu_case>("silu"); }

TEST_CASE("SiLU's gradients are its differences", "[silu]") {
  check_gradients<silu_case>(question_for<silu_case>(2));
}

TEST_CASE("Cpu's SiLU agrees with Reference", "[silu]") {
  for_each_case<silu_case, layer_case<SiLU, Shape<1>>, layer_case<SiLU, Shape<5, 17, 31>>>(
      [](auto c) { check_cpu<decltype(c)>(); });
}

TEMPLATE_TEST_CASE("SiLU far from zero", "[silu]", Reference, Cpu) {
  const double infinity = std::numeric_limits<double>::infinity();
  question q;
  q.x = {0, 800, -800, infinity, -infinity};
  q.dy = {1, 1, 1, 1, 1};
  const answer a = ask<layer_case<SiLU, Shape<5>>, double>(TestType{}, q);
  CHECK(a.y == std::vector<double>{0, 800, 0, infinity, 0});
  CHECK(a.dx == std::vector<double>{0.5, 1, 0, 1, 0});
  q.x = {std::nan(""), 0, 0, 0, 0};
  CHECK(std::isnan(ask<layer_case<SiLU, Shape<5>>, double>(TestType{}, q).y[0]));
}
