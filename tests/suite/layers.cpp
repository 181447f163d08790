// Every layer, forward and backward, beside Reference in double: odd sizes, odd batches.
#include "suite/suite.hpp"

using namespace tnn;

namespace {

template <class B, class Case>
void check_layer(double bound = 2e-6) {
  for (const int batch : batches) {
    question q = question_for<Case>(batch);
    const answer expected = ask<Case, double>(Reference{}, q);
    const answer ours = ask<Case, float>(B{}, q);
    INFO("batch " << batch);
    CHECK(error_between(ours, expected) < bound);
    // The same question has the same answer, bit for bit; in place and without dx too.
    CHECK(ask<Case, float>(B{}, q, true) == ours);
    q.wants_dx = false;
    const answer without = ask<Case, float>(B{}, q);
    CHECK((without.y == ours.y && without.dweight == ours.dweight && without.dbias == ours.dbias));
    q.mode = mode::infer;
    CHECK(relative_error(ask<Case, float>(B{}, q).y, ask<Case, double>(Reference{}, q).y) < bound);
  }
}

template <class B, class... Cases>
void check_layers() {
  for_each_case<Cases...>([](auto c) { check_layer<B, decltype(c)>(); });
}

}  // namespace

TEMPLATE_TEST_CASE("suite: Conv2d", "[suite]", TNN_SUITE_BACKENDS) {
  check_layers<
      TestType, layer_case<Conv2d<3, Kernel<3>>, Shape<2, 5, 6>>,
      layer_case<Conv2d<4, Kernel<3, 5>, Stride<2, 3>, Padding<1, 2>>, Shape<3, 8, 11>>,
      layer_case<Conv2d<6, Groups<2>, Padding<2, 1>, Stride<3, 2>, Kernel<2, 3>>, Shape<4, 7, 6>>,
      layer_case<Conv2d<6, Kernel<3>, Padding<1>, Groups<3>>, Shape<3, 4, 5>>,
      layer_case<Conv2d<1, Kernel<1>>, Shape<1, 1, 1>>,
      layer_case<Conv2d<3, Kernel<5, 1>, Padding<2, 0>>, Shape<2, 2, 3>>,
      layer_case<Conv2d<6, Kernel<3>, NoBias, Groups<2>>, Shape<4, 5, 7>>,
      layer_case<Conv2d<4, Kernel<3, 2>, Stride<2, 3>, Padding<3, 4>, Dilation<2, 3>>,
                 Shape<3, 9, 8>>,
      layer_case<Conv2d<34, Kernel<5>, Padding<4>, Dilation<2>>, Shape<2, 9, 11>>,
      // more than a tile of filters, of weights and of places
      layer_case<Conv2d<70, Kernel<3>, Padding<1>>, Shape<9, 9, 11>>,
      layer_case<Conv2d<17, Kernel<11>, Stride<4>, Padding<1>>, Shape<1, 31, 29>>>();
}

TEMPLATE_TEST_CASE("suite: Linear", "[suite]", TNN_SUITE_BACKENDS) {
  check_layers<TestType, layer_case<Linear<1>, Shape<1>>, layer_case<Linear<5>, Shape<13>>,
               layer_case<Linear<10>, Shape<257>>, layer_case<Linear<193>, Shape<31>>,
               layer_case<Linear<9, NoBias>, Shape<17>>>();
}

TEMPLATE_TEST_CASE("suite: pools", "[suite]", TNN_SUITE_BACKENDS) {
  check_layers<TestType, layer_case<MaxPool2d<Kernel<3>, Stride<2>>, Shape<3, 7, 8>>,
               layer_case<MaxPool2d<Kernel<3, 5>, Stride<2, 3>, Padding<1, 2>>, Shape<2, 6, 9>>,
               layer_case<AvgPool2d<Kernel<3, 4>, Stride<2, 3>, Padding<1, 2>>, Shape<2, 6, 9>>,
               layer_case<AvgPool2d<Kernel<2>>, Shape<3, 5, 7>>,
               layer_case<AdaptiveAvgPool2d<3, 4>, Shape<2, 7, 9>>,
               layer_case<AdaptiveAvgPool2d<5, 7>, Shape<2, 3, 4>>>();
}

TEMPLATE_TEST_CASE("suite: the others", "[suite]", TNN_SUITE_BACKENDS) {
  check_layers<TestType, layer_case<ReLU, Shape<3, 5, 7>>, layer_case<Sigmoid, Shape<37>>,
               layer_case<Tanh, Shape<2, 3, 5>>, layer_case<Flatten, Shape<3, 5, 7>>,
               layer_case<SiLU, Shape<5, 7>>, layer_case<GELU, Shape<3, 13>>,
               layer_case<LeakyReLU<>, Shape<3, 5, 7>>, layer_case<Identity, Shape<3, 5>>,
               layer_case<LocalResponseNorm<Size<5>, Alpha<std::ratio<1>>>, Shape<7, 2, 3>>,
               layer_case<Dropout<Percent<30>>, Shape<3, 5, 7>>>();
}

TEMPLATE_TEST_CASE("suite: BatchNorm", "[suite]", TNN_SUITE_BACKENDS) {
  check_layers<TestType, layer_case<BatchNorm2d<>, Shape<5, 3, 7>>,
               layer_case<BatchNorm2d<Eps<std::ratio<1, 8>>>, Shape<37, 2, 1>>,
               layer_case<BatchNorm1d<Momentum<std::ratio<1, 3>>>, Shape<6, 9>>>();
}

TEMPLATE_TEST_CASE("suite: Dropout's masks are the same on every backend", "[suite]",
                   TNN_SUITE_BACKENDS) {
  using Case = layer_case<Dropout<Percent<50>>, Shape<4, 9, 3>>;
  for (const std::uint32_t step : {0u, 1u, 77u}) {
    question q = question_for<Case>(3);
    q.step = step;
    CHECK(ask<Case, float>(TestType{}, q) == ask<Case, float>(Reference{}, q));
  }
}
