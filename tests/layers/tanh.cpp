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

TEST_CASE("Tanh's gradient keeps the bound that its header states, near saturation too", "[tanh]") {
  using Case = layer_case<Tanh, Shape<10000>>;
  question q = question_for<Case>(1);
  for (std::size_t k = 0; k < q.x.size(); ++k) {
    q.x[k] = static_cast<float>(static_cast<double>(k) * 1e-3);  // from 0 to 10
    q.dy[k] = 1;
  }
  const std::vector<double> found = ask<Case, float>(Cpu{1}, q).dx;
  for (std::size_t k = 0; k < q.x.size(); ++k) {
    const double exact = 1 / (std::cosh(q.x[k]) * std::cosh(q.x[k]));
    const double error = std::abs(found[k] - exact);
    CAPTURE(q.x[k]);
    REQUIRE(error < 4e-7);
    if (q.x[k] <= 3) REQUIRE(error < 3e-5 * exact);
    if (q.x[k] <= 5) REQUIRE(error < 1.4e-3 * exact);
  }
}
