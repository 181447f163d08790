#include <tnn/layers/tanh/tanh.hpp>

#include "support/layer_fixture.hpp"

using namespace tnn;

using tanh_case = layer_case<Tanh, Shape<2, 3, 4>>;

TEST_CASE("Reference's Tanh is PyTorch's", "[tanh]") { check_pytorch<tanh_case>("tanh"); }

TEST_CASE("Tanh's gradients are its differences", "[tanh]") {
  check_gradients<tanh_case>(question_for<tanh_case>(2));
}

TEST_CASE("Cpu's Tanh agrees with Reference", "[tanh]") {
  for_each_case<tanh_case, layer_case<Tanh, Shape<1>>, layer_case<Tanh, Shape<5, 17, 31>>>(
      [](auto c) { check_cpu<decltype(c)>(); });
}

TEMPLATE_TEST_CASE("Tanh far from zero", "[tanh]", Reference, Cpu) {
  const double infinity = std::numeric_limits<double>::infinity();
  question q;
  q.x = {0, 800, -800, infinity, -infinity};
  q.dy = {1, 1, 1, 1, 1};
  const answer a = ask<layer_case<Tanh, Shape<5>>, double>(TestType{}, q);
  CHECK(a.y == std::vector<double>{0, 1, -1, 1, -1});
  CHECK(a.dx == std::vector<double>{1, 0, 0, 0, 0});
  q.x = {std::nan(""), 0, 0, 0, 0};
  CHECK(std::isnan(ask<layer_case<Tanh, Shape<5>>, double>(TestType{}, q).y[0]));
}
