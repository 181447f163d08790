#include <tnn/layers/leaky_relu/leaky_relu.hpp>

#include "support/layer_fixture.hpp"

using namespace tnn;

using by_default = layer_case<LeakyReLU<>, Shape<2, 3, 4>>;
using negative = layer_case<LeakyReLU<std::ratio<-1, 4>>, Shape<2, 3, 4>>;

TEST_CASE("Reference's LeakyReLU is PyTorch's", "[leaky_relu]") {
  check_pytorch<by_default>("leaky_relu");
  check_pytorch<negative>("leaky_relu/negative");
}

TEST_CASE("LeakyReLU's gradients are its differences", "[leaky_relu]") {
  check_gradients<by_default>(question_for<by_default>(2));
  check_gradients<negative>(question_for<negative>(2));
}

TEST_CASE("Cpu's LeakyReLU agrees with Reference", "[leaky_relu]") {
  for_each_case<by_default, negative, layer_case<LeakyReLU<>, Shape<5, 17, 31>>>(
      [](auto c) { check_cpu<decltype(c)>(); });
}

TEMPLATE_TEST_CASE("LeakyReLU at zero and at no number", "[leaky_relu]", Reference, Cpu) {
  question q;
  q.x = {0, -2, std::nan("")};
  q.dy = {1, 1, 1};
  const answer a = ask<layer_case<LeakyReLU<>, Shape<3>>, double>(TestType{}, q);
  CHECK((a.y[0] == 0 && a.y[1] == -0.02 && std::isnan(a.y[2])));
  CHECK((a.dx[0] == 0.01 && a.dx[1] == 0.01));  // as PyTorch's
}
