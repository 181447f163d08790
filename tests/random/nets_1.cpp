// Made by generate.py 6 77; not to be edited.
#include "random/check.hpp"

using namespace tnn;

// clang-format off

// 77/3
using net_3 = Sequential<
    Input<2, 25, 6>, SiLU, Expect<Shape<2, 25, 6>>, Sigmoid, AdaptiveAvgPool2d<5, 6>,
    Sequential<MaxPool2d<Padding<2, 1>, Kernel<4>, Stride<2>>>, Flatten, Tanh,
    Concat<Sequential<Dropout<Percent<32>>, Expect<Shape<18>>, Gate<Sequential<Tanh, Expect<Shape<18>>, ReLU, Dropout<Percent<40>>, Linear<1>, Sigmoid>>, Sigmoid>, Sequential<Linear<50>>, Sequential<ReLU, Linear<45, In<18>>>, Identity>,
    Linear<7>>;

TEST_CASE("random network 77/3", "[random]") {
  check_random_network<net_3>("77/3");
}

// 77/4
using net_4 = Sequential<
    Input<16, 28, 26>, Dropout<Percent<34>>,
    Conv2d<16, Kernel<1>, Stride<3, 1>, Groups<16>, NoBias>, Dropout<Percent<1>>,
    Conv2d<50, Padding<2>, Dilation<2>, Kernel<5>, Stride<2, 4>>,
    Concat<Sequential<LocalResponseNorm<Beta<std::ratio<1, 4>>, K<std::ratio<1>>, Alpha<std::ratio<5, 10>>, Size<5>>, Identity>, Sequential<Residual<Sequential<Conv2d<25, Padding<1, 2>, In<50>, Kernel<3>, Groups<5>>, AdaptiveAvgPool2d<3, 6>, Conv2d<50, Kernel<1>>>>>, Identity>,
    Conv2d<7, Kernel<1>, Stride<3>>, Flatten,
    Residual<Sequential<Residual<Sequential<Identity, Linear<14>>>, Identity, Linear<14>>>,
    Linear<37>, Linear<46, In<37>>, Linear<2>>;

TEST_CASE("random network 77/4", "[random]") {
  check_random_network<net_4>("77/4");
}

// 77/5
using net_5 = Sequential<
    Input<34, 24, 18>,
    Sequential<Conv2d<9, Kernel<1>, Stride<3>>, BatchNorm2d<Eps<std::ratio<2, 8>>>, Expect<Shape<9, 8, 6>>>,
    AdaptiveAvgPool2d<3, 5>,
    Gate<Sequential<Conv2d<14, Kernel<4, 2>, NoBias, Stride<2>, Padding<1>>, Dropout<Percent<27>>, Expect<Shape<14, 1, 3>>, AdaptiveAvgPool2d<1, 1>, Conv2d<9, Kernel<1>>, Sigmoid>>,
    LocalResponseNorm<K<std::ratio<1>>, Alpha<std::ratio<9, 10>>, Beta<std::ratio<3, 4>>, Size<7>>,
    ReLU, AdaptiveAvgPool2d<4, 3>,
    Residual<Sequential<AdaptiveAvgPool2d<2, 5>, Expect<Shape<9, 2, 5>>, Dropout<Percent<30>>, MaxPool2d<Padding<1>, Kernel<4>, Stride<1>>, Expect<Shape<9, 1, 4>>, AdaptiveAvgPool2d<4, 3>, Conv2d<9, Kernel<1>>>>,
    Flatten, Linear<40>, Sigmoid, Linear<5>>;

TEST_CASE("random network 77/5", "[random]") {
  check_random_network<net_5>("77/5");
}
