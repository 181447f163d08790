#include <tnn/layers/linear/linear.hpp>

#include "support/layer_fixture.hpp"

using namespace tnn;

TEST_CASE("Reference's Linear by hand", "[linear]") {
  using Case = layer_case<Linear<2>, Shape<3>>;
  question q;
  q.batch = 2;
  q.x = {1, 2, 3, -1, 0, 1};
  q.weight = {1, 10, 100,  //
              2, 0,  -2};
  q.bias = {0.5, -1};
  q.dy = {1, 2, 3, 4};
  const answer a = ask<Case, double>(Reference{}, q);
  CHECK(a.y == std::vector<double>{321.5, -5, 99.5, -5});
  CHECK(a.dx == std::vector<double>{5, 10, 96, 11, 30, 292});
  CHECK(a.dweight == std::vector<double>{1 - 3, 2, 3 + 3, 2 - 4, 4, 6 + 4});
  CHECK(a.dbias == std::vector<double>{4, 6});
}

using no_bias = layer_case<Linear<6, NoBias>, Shape<11>>;

TEST_CASE("Reference's Linear is PyTorch's", "[linear]") {
  check_pytorch<layer_case<Linear<5, In<13>>, Shape<13>>>("linear");
  check_pytorch<no_bias>("linear/no bias");
}

TEST_CASE("Linear's gradients are its differences", "[linear]") {
  check_gradients<layer_case<Linear<5>, Shape<13>>>(
      question_for<layer_case<Linear<5>, Shape<13>>>(3));
  check_gradients<no_bias>(question_for<no_bias>(3));
}

TEST_CASE("Cpu's Linear agrees with Reference", "[linear]") {
  for_each_case<layer_case<Linear<1>, Shape<1>>, layer_case<Linear<5>, Shape<13>>, no_bias,
                layer_case<Linear<79, NoBias>, Shape<131>>,
                layer_case<Linear<10>, Shape<257>>,  // two depths of 256 in the product
                layer_case<Linear<193>, Shape<31>>,  // two strips of outputs
                layer_case<Linear<33>, Shape<400>>,  // two strips of dw, three of dx
                layer_case<Linear<301>, Shape<517>>>([](auto c) { check_cpu<decltype(c)>(); });
}

TEST_CASE("a batch deeper than one block of the product", "[linear]") {
  using Case = layer_case<Linear<7>, Shape<9>>;
  const question q = question_for<Case>(521);
  CHECK(error_between(ask<Case, float>(Cpu{2}, q), ask<Case, double>(Reference{}, q)) < 1e-6);
}
