// Made by generate.py 12 2; not to be edited.
#include "random/check.hpp"

// clang-format off

// 2/0
using net_0 = Sequential<
    Input<5, 28, 21>,
    LocalResponseNorm<Alpha<std::ratio<1, 10>>, Beta<std::ratio<2, 4>>, Size<5>, K<std::ratio<2>>>,
    ReLU, Expect<Shape<5, 28, 21>>, ReLU,
    LocalResponseNorm<Size<3>, Beta<std::ratio<1, 4>>, Alpha<std::ratio<7, 10>>, K<std::ratio<1>>>,
    Tanh, AdaptiveAvgPool2d<7, 7>, Flatten, Linear<6>>;

TEST_CASE("random network 2/0", "[random]") {
  check_random_network<net_0>("2/0");
}

// 2/1
using net_1 = Sequential<
    Input<1, 18, 26>, MaxPool2d<Stride<2, 1>, Padding<1, 2>, Kernel<2, 4>>,
    MaxPool2d<Kernel<4>, Padding<2>, Stride<3>>, Dropout<Percent<35>>,
    Named<"part_48190", Sequential<MaxPool2d<Kernel<1, 3>, Padding<0, 1>>, Dropout<Percent<38>>>>,
    Flatten, Linear<30, In<16>>, Dropout<Percent<43>>, Linear<10>>;

TEST_CASE("random network 2/1", "[random]") {
  check_random_network<net_1>("2/1");
}

// 2/2
using net_2 = Sequential<
    Input<1, 10, 13>,
    LocalResponseNorm<Alpha<std::ratio<11, 10>>, Size<3>, Beta<std::ratio<3, 4>>, K<std::ratio<2>>>,
    Conv2d<15, Stride<1, 3>, Padding<2, 3>, Kernel<4>>, ReLU, AdaptiveAvgPool2d<7, 7>, Flatten,
    Sigmoid, ReLU, Linear<2>>;

TEST_CASE("random network 2/2", "[random]") {
  check_random_network<net_2>("2/2");
}

// 2/3
using net_3 = Sequential<
    Input<2, 20, 23>, ReLU, MaxPool2d<Kernel<4>, Stride<3, 2>, Padding<0, 2>>, Flatten, Linear<3>>;

TEST_CASE("random network 2/3", "[random]") {
  check_random_network<net_3>("2/3");
}
