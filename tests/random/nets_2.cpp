// Made by generate.py 12 2; not to be edited.
#include "random/check.hpp"

// clang-format off

// 2/8
using net_8 = Sequential<
    Input<17, 28, 16>, Conv2d<16, Stride<3, 2>, Kernel<4, 1>>, Expect<Shape<16, 9, 8>>,
    Named<"part_730061", Sequential<Sigmoid, Conv2d<33, Padding<1, 0>, Kernel<5>>>>,
    Conv2d<22, Kernel<1>, Stride<1, 3>, In<33>>, Flatten,
    Sequential<Dropout<Percent<10>>, Expect<Shape<308>>>, ReLU, Linear<40, In<308>>, Linear<4>>;

TEST_CASE("random network 2/8", "[random]") {
  check_random_network<net_8>("2/8");
}

// 2/9
using net_9 = Sequential<
    Input<2, 20, 5>, Dropout<Percent<34>>, Conv2d<55, Padding<4, 2>, Kernel<9>, In<2>, Stride<4>>,
    Conv2d<10, Stride<3, 1>, Kernel<1>>, Expect<Shape<10, 2, 1>>, ReLU, Flatten, Linear<51>,
    Linear<5>>;

TEST_CASE("random network 2/9", "[random]") {
  check_random_network<net_9>("2/9");
}

// 2/10
using net_10 = Sequential<
    Input<17, 9, 7>, AdaptiveAvgPool2d<5, 1>, Dropout<Percent<53>>, Expect<Shape<17, 5, 1>>,
    Dropout<Percent<17>>, Flatten, Linear<3>>;

TEST_CASE("random network 2/10", "[random]") {
  check_random_network<net_10>("2/10");
}

// 2/11
using net_11 = Sequential<
    Input<17, 10, 18>,
    LocalResponseNorm<Beta<std::ratio<3, 4>>, Size<1>, K<std::ratio<2>>, Alpha<std::ratio<6, 10>>>,
    Tanh, Conv2d<19, Padding<0, 1>, Stride<1, 2>, Kernel<4>>,
    Conv2d<15, Padding<0, 1>, Stride<3, 1>, Kernel<1, 4>>,
    LocalResponseNorm<Size<5>, K<std::ratio<1>>, Alpha<std::ratio<7, 10>>, Beta<std::ratio<3, 4>>>,
    Expect<Shape<15, 3, 8>>, Dropout<Percent<12>>, Expect<Shape<15, 3, 8>>, ReLU, Flatten,
    Linear<7>>;

TEST_CASE("random network 2/11", "[random]") {
  check_random_network<net_11>("2/11");
}
