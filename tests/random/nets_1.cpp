// Made by generate.py 6 87; not to be edited.
#include "random/check.hpp"

using namespace tnn;

// clang-format off

// 87/3
using net_3 = Sequential<
    Input<1, 23, 28>,
    Sequential<Conv2d<10, Kernel<2, 3>, Stride<1, 3>, In<1>>, Conv2d<8, Dilation<1, 2>, Stride<1, 3>, Kernel<1>>>,
    BatchNorm2d<Eps<std::ratio<6, 8>>>, Flatten, Tanh,
    Named<"part_941176", Sequential<Sequential<Linear<23>>, Expect<Shape<23>>, Dropout<Percent<33>>>>,
    GELU, Linear<6>>;

TEST_CASE("random network 87/3", "[random]") {
  check_random_network<net_3>("87/3");
}

// 87/4
using net_4 = Sequential<
    Input<3, 11, 7>, Conv2d<30, Padding<1>, Groups<3>, Kernel<5>>,
    MaxPool2d<Kernel<3>, Padding<0, 1>, Stride<3, 1>>, BatchNorm2d<Eps<std::ratio<8, 8>>>,
    Dropout<Percent<17>>, Conv2d<15, Kernel<5, 2>, Padding<2, 0>, Stride<2, 3>>,
    Concat<Sequential<AdaptiveAvgPool2d<4, 6>, Concat<Sequential<Identity, Expect<Shape<15, 4, 6>>, ReLU>, Named<"part_891251", Sequential<Conv2d<20, NoBias, Stride<3, 1>, Kernel<1>>, GELU, AdaptiveAvgPool2d<4, 6>, Conv2d<20, Kernel<1>>, ReLU>>, Sequential<LocalResponseNorm<Alpha<std::ratio<2, 10>>, Size<5>, K<std::ratio<1>>, Beta<std::ratio<1, 4>>>, Expect<Shape<15, 4, 6>>, Conv2d<9, Kernel<1>>, ReLU>, Identity>, AvgPool2d<Kernel<2>, Padding<0, 1>, Stride<3, 2>>>, Sequential<LeakyReLU<>, AdaptiveAvgPool2d<1, 4>, Conv2d<5, Kernel<1>>>, Sequential<Identity, Conv2d<18, In<15>, Stride<3, 2>, Kernel<1>>, AdaptiveAvgPool2d<1, 4>>, Sequential<Dropout<Percent<32>>, AdaptiveAvgPool2d<1, 4>, Conv2d<20, Kernel<1>>, ReLU>>,
    Flatten, Linear<6>>;

TEST_CASE("random network 87/4", "[random]") {
  check_random_network<net_4>("87/4");
}

// 87/5
using net_5 = Sequential<
    Input<63>, Linear<2>>;

TEST_CASE("random network 87/5", "[random]") {
  check_random_network<net_5>("87/5");
}
