#include <tnn/layers/sigmoid/sigmoid.hpp>

#include "support/layer_fixture.hpp"

using namespace tnn;

using sigmoid_case = layer_case<Sigmoid, Shape<2, 3, 4>>;

TEST_CASE("Reference's Sigmoid is PyTorch's", "[sigmoid]") {
  check_pytorch<sigmoid_case>("sigmoid");
}

TEST_CASE("Sigmoid's gradients are its differences", "[sigmoid]") {
  check_gradients<sigmoid_case>(question_for<sigmoid_case>(2));
}

TEST_CASE("Cpu's Sigmoid agrees with Reference", "[sigmoid]") {
  for_each_case<sigmoid_case, layer_case<Sigmoid, Shape<1>>, layer_case<Sigmoid, Shape<5, 17, 31>>>(
      [](auto c) { check_cpu<decltype(c)>(); });
}

TEMPLATE_TEST_CASE("Sigmoid far from zero", "[sigmoid]", Reference, Cpu) {
  const double infinity = std::numeric_limits<double>::infinity();
  question q;
  q.x = {0, 800, -800, infinity, -infinity};
  q.dy = {1, 1, 1, 1, 1};
  const answer a = ask<layer_case<Sigmoid, Shape<5>>, double>(TestType{}, q);
  CHECK(a.y == std::vector<double>{0.5, 1, 0, 1, 0});
  CHECK(a.dx == std::vector<double>{0.25, 0, 0, 0, 0});
  q.x = {std::nan(""), 0, 0, 0, 0};
  CHECK(std::isnan(ask<layer_case<Sigmoid, Shape<5>>, double>(TestType{}, q).y[0]));
}
