// Made by generate.py 12 2; not to be edited.
#include "random/check.hpp"

// clang-format off

// 2/4
using net_4 = Sequential<
    Input<3, 19, 19>, Tanh, MaxPool2d<Stride<2, 3>, Kernel<2, 1>>,
    LocalResponseNorm<K<std::ratio<1>>, Size<4>, Alpha<std::ratio<8, 10>>, Beta<std::ratio<3, 4>>>,
    Named<"part_646121", Sequential<Conv2d<34, Kernel<5>>, Expect<Shape<34, 5, 3>>>>, Tanh,
    Dropout<Percent<56>>, ReLU, ReLU, Flatten, Tanh, Linear<5>>;

TEST_CASE("random network 2/4", "[random]") {
  check_random_network<net_4>("2/4");
}

// 2/5
using net_5 = Sequential<
    Input<16, 20, 27>,
    Sequential<Conv2d<10, Kernel<1>, Stride<3, 2>>, Sequential<MaxPool2d<Padding<1>, Kernel<2>, Stride<2, 3>>, AdaptiveAvgPool2d<5, 6>>, Named<"part_719844", Sequential<Conv2d<18, Stride<2, 1>, Kernel<1>>, LocalResponseNorm<Alpha<std::ratio<15, 10>>, Beta<std::ratio<4, 4>>, Size<3>, K<std::ratio<1>>>>>>,
    Sequential<Named<"part_95440", Sequential<ReLU>>, Named<"part_879352", Sequential<Conv2d<18, Groups<9>, Kernel<3>, Padding<0, 2>>, Dropout<Percent<39>>, AdaptiveAvgPool2d<7, 3>, Expect<Shape<18, 7, 3>>>>, AdaptiveAvgPool2d<4, 6>, Expect<Shape<18, 4, 6>>>,
    Tanh, ReLU, Conv2d<12, Padding<0, 3>, Kernel<3, 4>>, Flatten, Linear<43>, Linear<5>>;

TEST_CASE("random network 2/5", "[random]") {
  check_random_network<net_5>("2/5");
}

// 2/6
using net_6 = Sequential<
    Input<16, 23, 10>, Tanh,
    LocalResponseNorm<Beta<std::ratio<3, 4>>, Alpha<std::ratio<5, 10>>, K<std::ratio<1>>, Size<6>>,
    LocalResponseNorm<Size<5>, Alpha<std::ratio<14, 10>>, Beta<std::ratio<3, 4>>, K<std::ratio<1>>>,
    Named<"part_257662", Sequential<LocalResponseNorm<Beta<std::ratio<4, 4>>, Size<3>, Alpha<std::ratio<12, 10>>, K<std::ratio<1>>>, AvgPool2d<Stride<3, 1>, Kernel<2>>, ReLU, Expect<Shape<16, 8, 9>>>>,
    Dropout<Percent<56>>, Sequential<Conv2d<18, Kernel<5, 2>, Padding<2, 0>>>, ReLU,
    AdaptiveAvgPool2d<3, 7>, Flatten, Dropout<Percent<7>>, Linear<12>>;

TEST_CASE("random network 2/6", "[random]") {
  check_random_network<net_6>("2/6");
}

// 2/7
using net_7 = Sequential<
    Input<37>, Linear<4>>;

TEST_CASE("random network 2/7", "[random]") {
  check_random_network<net_7>("2/7");
}
