// Made by generate.py 6 87; not to be edited.
#include "random/check.hpp"

using namespace tnn;

// clang-format off

// 87/0
using net_0 = Sequential<
    Input<3, 15, 22>, Named<"part_711281", Sequential<AdaptiveAvgPool2d<1, 7>, Sigmoid>>,
    Named<"part_82045", Sequential<LocalResponseNorm<Beta<std::ratio<3, 4>>, Size<2>, Alpha<std::ratio<8, 10>>, K<std::ratio<1>>>>>,
    Residual<Sequential<Conv2d<12, Groups<3>, Kernel<1, 2>, Stride<2, 1>>, Dropout<Percent<26>>>, Named<"part_167630", Sequential<AdaptiveAvgPool2d<1, 6>, Conv2d<12, Kernel<1>>>>>,
    Residual<Sequential<Concat<Sequential<Dropout<Percent<42>>>, Sequential<Dropout<Percent<32>>>, Sequential<LeakyReLU<>>, Identity>, LocalResponseNorm<K<std::ratio<2>>, Size<6>, Alpha<std::ratio<8, 10>>, Beta<std::ratio<3, 4>>>, GELU>, Named<"part_333297", Sequential<Conv2d<48, Kernel<1>>>>>,
    Expect<Shape<48, 1, 6>>, Residual<Sequential<GELU, Conv2d<48, Kernel<1>>>>,
    Expect<Shape<48, 1, 6>>, BatchNorm2d<Eps<std::ratio<4, 8>>>, Flatten, Linear<9>>;

TEST_CASE("random network 87/0", "[random]") {
  check_random_network<net_0>("87/0");
}

// 87/1
using net_1 = Sequential<
    Input<81>, Dropout<Percent<50>>, Linear<2>>;

TEST_CASE("random network 87/1", "[random]") {
  check_random_network<net_1>("87/1");
}

// 87/2
using net_2 = Sequential<
    Input<5, 9, 25>,
    Residual<Sequential<Gate<Sequential<Conv2d<18, Padding<2, 0>, NoBias, Kernel<3>>, Conv2d<18, Stride<3, 2>, Padding<2, 1>, NoBias, Dilation<1, 3>, Kernel<4, 2>, In<18>, Groups<18>>, AdaptiveAvgPool2d<1, 25>, Conv2d<1, Kernel<1>>, Sigmoid>>, MaxPool2d<Kernel<4>, Padding<1, 2>, Stride<2, 3>>, Sequential<AdaptiveAvgPool2d<2, 5>, AdaptiveAvgPool2d<1, 6>>, AdaptiveAvgPool2d<9, 25>, Conv2d<5, Kernel<1>>>>,
    Residual<Sequential<Residual<Sequential<Conv2d<22, Kernel<3>, Padding<2, 0>, In<5>>, Identity, AdaptiveAvgPool2d<9, 25>, Conv2d<5, Kernel<1>>>>, Expect<Shape<5, 9, 25>>>, Named<"part_568660", Sequential<Conv2d<5, Kernel<1>>>>>,
    Concat<Sequential<Dropout<Percent<49>>, AdaptiveAvgPool2d<7, 3>, Dropout<Percent<37>>>, Sequential<Conv2d<14, In<5>, Kernel<2>, NoBias, Padding<1, 0>>, AdaptiveAvgPool2d<7, 3>, Conv2d<14, Kernel<1>>>, Sequential<Identity, MaxPool2d<Stride<2, 1>, Kernel<3, 1>>, AdaptiveAvgPool2d<7, 3>>, Sequential<BatchNorm2d<Eps<std::ratio<5, 8>>>, AdaptiveAvgPool2d<7, 3>, Conv2d<1, Kernel<1>>>>,
    Flatten, GELU, Linear<11>>;

TEST_CASE("random network 87/2", "[random]") {
  check_random_network<net_2>("87/2");
}
