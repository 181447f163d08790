// Made by generate.py 8 71; not to be edited.
#include "random/check.hpp"

using namespace tnn;

// clang-format off

// 71/0
using net_0 = Sequential<
    Input<1, 28, 23>,
    LocalResponseNorm<Alpha<std::ratio<2, 10>>, K<std::ratio<1>>, Size<6>, Beta<std::ratio<4, 4>>>,
    Sequential<ReLU, GELU, Sequential<AvgPool2d<Stride<2>, Kernel<1>>, ReLU>>,
    MaxPool2d<Kernel<4>, Padding<0, 2>, Stride<3, 2>>, Conv2d<4, Stride<2, 1>, Kernel<1>>, ReLU,
    MaxPool2d<Stride<2>, Kernel<1>>, Tanh, Flatten, Linear<40, In<16>>, Linear<2>>;

TEST_CASE("random network 71/0", "[random]") {
  check_random_network<net_0>("71/0");
}

// 71/1
using net_1 = Sequential<
    Input<16, 13, 28>, Conv2d<15, Stride<2, 1>, Kernel<1>, Dilation<2, 3>>,
    LocalResponseNorm<Size<3>, K<std::ratio<2>>, Beta<std::ratio<2, 4>>, Alpha<std::ratio<15, 10>>>,
    LocalResponseNorm<Alpha<std::ratio<9, 10>>, Beta<std::ratio<3, 4>>, K<std::ratio<2>>, Size<4>>,
    Tanh, Conv2d<5, Padding<1, 0>, Groups<5>, Stride<3, 1>, Kernel<4>>,
    LocalResponseNorm<Size<7>, Beta<std::ratio<2, 4>>, K<std::ratio<1>>, Alpha<std::ratio<12, 10>>>,
    SiLU,
    Named<"part_185537", Sequential<Conv2d<5, In<5>, Stride<3, 1>, Kernel<1>, NoBias>, Expect<Shape<5, 1, 25>>>>,
    Flatten, Dropout<Percent<36>>, Linear<2>>;

TEST_CASE("random network 71/1", "[random]") {
  check_random_network<net_1>("71/1");
}

// 71/2
using net_2 = Sequential<
    Input<3, 22, 25>, Conv2d<16, Kernel<1>, Stride<1, 3>>,
    Sequential<Conv2d<8, Padding<1>, Stride<3, 2>, Groups<8>, Kernel<2>>, AvgPool2d<Kernel<2>, Stride<3, 1>>, AdaptiveAvgPool2d<7, 4>>,
    Expect<Shape<8, 7, 4>>, GELU, Flatten, Dropout<Percent<7>>, Tanh, Dropout<Percent<22>>,
    Linear<2>>;

TEST_CASE("random network 71/2", "[random]") {
  check_random_network<net_2>("71/2");
}

// 71/3
using net_3 = Sequential<
    Input<17, 5, 15>, ReLU,
    Conv2d<34, In<17>, Groups<17>, Padding<4, 3>, Stride<3, 4>, Kernel<11>, NoBias>,
    Conv2d<14, Kernel<1>, Stride<2, 3>, Dilation<3>>, Sigmoid,
    Conv2d<9, Kernel<1, 5>, Stride<1, 3>, NoBias, Dilation<3, 2>, Padding<0, 4>>,
    Expect<Shape<9, 1, 1>>, ReLU, Flatten, Linear<4>>;

TEST_CASE("random network 71/3", "[random]") {
  check_random_network<net_3>("71/3");
}
