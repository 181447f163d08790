#include <tnn/layers/gelu/gelu.hpp>

#include "support/layer_fixture.hpp"

using namespace tnn;

using gelu_case = layer_case<GELU, Shape<2, 3, 4>>;

TEST_CASE("Reference's GELU is PyTorch's", "[gelu]") { check_pytorch<gelu_case>("gelu"); }

TEST_CASE("GELU's gradients are its differences", "[gelu]") {
  check_gradients<gelu_case>(question_for<gelu_case>(2));
}

TEST_CASE("Cpu's GELU agrees with Reference", "[gelu]") {
  for_each_case<gelu_case, layer_case<GELU, Shape<1>>, layer_case<GELU, Shape<5, 17, 31>>>(
      [](auto c) { check_cpu<decltype(c)>(); });
}

// On Reference in constant expressions too.
constexpr double of_one = detail::gelu_formula::y(1.0),
                 slope_at_one = detail::gelu_formula::dx(1.0, 1.0);
static_assert(of_one > 0.8413447460685427 && of_one < 0.8413447460685432);
static_assert(slope_at_one > 1.0833154705876859 && slope_at_one < 1.0833154705876868);

TEMPLATE_TEST_CASE("GELU far from zero", "[gelu]", Reference, Cpu) {
  const double infinity = std::numeric_limits<double>::infinity();
  question q;
  q.x = {0, 800, -800, infinity, -infinity};
  q.dy = {1, 1, 1, 1, 1};
  const answer a = ask<layer_case<GELU, Shape<5>>, double>(TestType{}, q);
  CHECK(a.y == std::vector<double>{0, 800, 0, infinity, 0});
  CHECK(a.dx == std::vector<double>{0.5, 1, 0, 1, 0});
  q.x = {std::nan(""), 0, 0, 0, 0};
  const answer b = ask<layer_case<GELU, Shape<5>>, double>(TestType{}, q);
  CHECK((std::isnan(b.y[0]) && std::isnan(b.dx[0])));
}
