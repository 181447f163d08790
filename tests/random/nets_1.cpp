// Made by generate.py 8 1; not to be edited.
#include "random/check.hpp"

using namespace tnn;

// clang-format off

// 1/4
using net_4 = Sequential<
    Input<1, 22, 9>, Tanh, Tanh, Flatten, Linear<43>, Linear<6>>;

TEST_CASE("random network 1/4", "[random]") {
  check_random_network<net_4>("1/4");
}

// 1/5
using net_5 = Sequential<
    Input<133>, ReLU, Linear<11>>;

TEST_CASE("random network 1/5", "[random]") {
  check_random_network<net_5>("1/5");
}

// 1/6
using net_6 = Sequential<
    Input<5, 19, 22>, MaxPool2d<Kernel<2>, Padding<0, 1>, Stride<1, 3>>, Sigmoid,
    AdaptiveAvgPool2d<6, 7>, Expect<Shape<5, 6, 7>>,
    MaxPool2d<Kernel<3>, Padding<0, 1>, Stride<2>>, Flatten, Linear<6>>;

TEST_CASE("random network 1/6", "[random]") {
  check_random_network<net_6>("1/6");
}

// 1/7
using net_7 = Sequential<
    Input<3, 5, 12>,
    LocalResponseNorm<Alpha<std::ratio<6, 10>>, Size<1>, K<std::ratio<1>>, Beta<std::ratio<1, 4>>>,
    Sigmoid, Flatten, Tanh, Linear<6>>;

TEST_CASE("random network 1/7", "[random]") {
  check_random_network<net_7>("1/7");
}
