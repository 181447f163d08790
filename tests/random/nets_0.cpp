// Made by generate.py 8 1; not to be edited.
#include "random/check.hpp"

using namespace tnn;

// clang-format off

// 1/0
using net_0 = Sequential<
    Input<5, 19, 8>, ReLU, Tanh, Tanh, ReLU, Tanh, AdaptiveAvgPool2d<7, 7>, Flatten,
    Sequential<Sequential<Linear<24, In<245>>, ReLU>, Tanh>, Linear<37, In<24>>, Expect<Shape<37>>,
    ReLU, Linear<12>>;

TEST_CASE("random network 1/0", "[random]") {
  check_random_network<net_0>("1/0");
}

// 1/1
using net_1 = Sequential<
    Input<16, 27, 7>, Dropout<Percent<37>>,
    LocalResponseNorm<Size<6>, Alpha<std::ratio<11, 10>>, Beta<std::ratio<2, 4>>, K<std::ratio<2>>>,
    AdaptiveAvgPool2d<6, 6>, Conv2d<32, Groups<16>, Padding<2, 0>, Kernel<3>>,
    Expect<Shape<32, 8, 4>>,
    Sequential<LocalResponseNorm<Alpha<std::ratio<10, 10>>, K<std::ratio<2>>, Size<6>, Beta<std::ratio<4, 4>>>, Conv2d<10, Stride<1, 2>, Groups<2>, Kernel<1>>, Conv2d<6, Kernel<1>, In<10>>>,
    Sequential<MaxPool2d<Stride<2, 3>, Kernel<3, 2>>, ReLU, LocalResponseNorm<Alpha<std::ratio<11, 10>>, Beta<std::ratio<3, 4>>, K<std::ratio<2>>, Size<1>>>,
    Sequential<Named<"part_156018", Sequential<LocalResponseNorm<K<std::ratio<1>>, Size<5>, Beta<std::ratio<2, 4>>, Alpha<std::ratio<5, 10>>>, AdaptiveAvgPool2d<6, 1>, LocalResponseNorm<K<std::ratio<2>>, Size<5>, Beta<std::ratio<3, 4>>, Alpha<std::ratio<1, 10>>>>>>,
    Conv2d<5, Padding<1, 3>, Stride<3, 2>, Kernel<4>>, Flatten, Dropout<Percent<50>>,
    Linear<42, In<20>>, Linear<6>>;

TEST_CASE("random network 1/1", "[random]") {
  check_random_network<net_1>("1/1");
}

// 1/2
using net_2 = Sequential<
    Input<99>, Dropout<Percent<50>>, Dropout<Percent<9>>, Linear<10>>;

TEST_CASE("random network 1/2", "[random]") {
  check_random_network<net_2>("1/2");
}

// 1/3
using net_3 = Sequential<
    Input<2, 17, 28>, Conv2d<6, Stride<1, 2>, Kernel<1>, In<2>>, Tanh,
    LocalResponseNorm<Size<3>, K<std::ratio<1>>, Beta<std::ratio<2, 4>>, Alpha<std::ratio<3, 10>>>,
    ReLU, Conv2d<5, Kernel<1>, In<6>, Stride<1, 2>>,
    AvgPool2d<Stride<3>, Padding<0, 2>, Kernel<4>>, Expect<Shape<5, 5, 3>>,
    Named<"part_951195", Sequential<ReLU, Expect<Shape<5, 5, 3>>, LocalResponseNorm<Size<4>, K<std::ratio<1>>, Alpha<std::ratio<13, 10>>, Beta<std::ratio<1, 4>>>>>,
    Flatten, Linear<6>, Sequential<Tanh>,
    Named<"part_618563", Sequential<Sequential<Dropout<Percent<43>>, Sigmoid>, Sequential<Sigmoid, ReLU>, Linear<22>>>,
    Linear<3>>;

TEST_CASE("random network 1/3", "[random]") {
  check_random_network<net_3>("1/3");
}
