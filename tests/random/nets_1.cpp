// Made by generate.py 8 71; not to be edited.
#include "random/check.hpp"

using namespace tnn;

// clang-format off

// 71/4
using net_4 = Sequential<
    Input<2, 22, 18>, GELU,
    Sequential<Named<"part_37493", Sequential<Conv2d<13, Kernel<2, 1>>, Expect<Shape<13, 21, 18>>>>, Expect<Shape<13, 21, 18>>, ReLU>,
    AdaptiveAvgPool2d<4, 1>, Flatten, Dropout<Percent<9>>, Sigmoid, Expect<Shape<52>>, SiLU,
    Linear<12>>;

TEST_CASE("random network 71/4", "[random]") {
  check_random_network<net_4>("71/4");
}

// 71/5
using net_5 = Sequential<
    Input<1, 15, 14>,
    Sequential<LocalResponseNorm<Size<7>, K<std::ratio<1>>, Beta<std::ratio<4, 4>>, Alpha<std::ratio<2, 10>>>, Conv2d<12, Stride<2, 3>, Kernel<1>>>,
    Conv2d<34, Groups<2>, Kernel<9>, Padding<4>, Stride<2>>, MaxPool2d<Stride<3, 2>, Kernel<1>>,
    Conv2d<8, Padding<1, 0>, Stride<2>, Kernel<3, 2>>, GELU, Tanh,
    Sequential<LocalResponseNorm<K<std::ratio<1>>, Alpha<std::ratio<5, 10>>, Beta<std::ratio<3, 4>>, Size<3>>, Named<"part_687388", Sequential<Dropout<Percent<29>>>>, Named<"part_705946", Sequential<AdaptiveAvgPool2d<4, 5>>>, Expect<Shape<8, 4, 5>>>,
    LocalResponseNorm<Size<4>, Beta<std::ratio<3, 4>>, K<std::ratio<2>>, Alpha<std::ratio<4, 10>>>,
    Flatten, Sigmoid, Linear<23>, ReLU, Linear<4>>;

TEST_CASE("random network 71/5", "[random]") {
  check_random_network<net_5>("71/5");
}

// 71/6
using net_6 = Sequential<
    Input<5, 8, 28>, Conv2d<19, Dilation<1, 3>, Kernel<1>, Stride<3>>,
    Conv2d<19, Stride<3, 2>, NoBias, Kernel<1>, Groups<19>>,
    Sequential<Conv2d<19, Padding<3, 1>, Stride<2>, Kernel<5>>, Expect<Shape<19, 2, 2>>>,
    LocalResponseNorm<Size<4>, Beta<std::ratio<4, 4>>, Alpha<std::ratio<15, 10>>, K<std::ratio<2>>>,
    Sequential<Named<"part_166494", Sequential<Conv2d<11, Kernel<1>, Dilation<3, 1>, In<19>>, Expect<Shape<11, 2, 2>>, LocalResponseNorm<Alpha<std::ratio<13, 10>>, K<std::ratio<2>>, Beta<std::ratio<1, 4>>, Size<1>>>>>,
    Conv2d<6, Dilation<1, 3>, Kernel<1>, In<11>, Stride<3>>, ReLU, Expect<Shape<6, 1, 1>>, Sigmoid,
    Flatten, Linear<54>, Expect<Shape<54>>, Sequential<Sigmoid, Linear<2, NoBias>, Linear<8>>,
    Dropout<Percent<0>>, Linear<4>>;

TEST_CASE("random network 71/6", "[random]") {
  check_random_network<net_6>("71/6");
}

// 71/7
using net_7 = Sequential<
    Input<16, 12, 17>, ReLU, Conv2d<16, Kernel<1>, Stride<2, 3>, Groups<2>>,
    Sequential<LocalResponseNorm<Beta<std::ratio<4, 4>>, Alpha<std::ratio<13, 10>>, Size<2>, K<std::ratio<2>>>, AvgPool2d<Stride<1, 3>, Kernel<1, 4>, Padding<0, 1>>>,
    Flatten, Linear<3>>;

TEST_CASE("random network 71/7", "[random]") {
  check_random_network<net_7>("71/7");
}
