// Made by generate.py 6 77; not to be edited.
#include "random/check.hpp"

using namespace tnn;

// clang-format off

// 77/0
using net_0 = Sequential<
    Input<3, 19, 24>, Dropout<Percent<17>>, Expect<Shape<3, 19, 24>>, ReLU,
    Conv2d<9, Kernel<2>, Padding<1, 0>, Stride<3, 1>>, AdaptiveAvgPool2d<1, 4>, Flatten, ReLU,
    Named<"part_188441", Sequential<Linear<8, NoBias>>>, Linear<23>, Linear<6>>;

TEST_CASE("random network 77/0", "[random]") {
  check_random_network<net_0>("77/0");
}

// 77/1
using net_1 = Sequential<
    Input<5, 17, 23>,
    Residual<Sequential<MaxPool2d<Padding<2, 1>, Kernel<4>, Stride<3, 2>>, SiLU>, Named<"part_749339", Sequential<AdaptiveAvgPool2d<6, 11>, Conv2d<5, Kernel<1>>>>>,
    Residual<Sequential<Dropout<Percent<9>>, Named<"part_813938", Sequential<Sigmoid, ReLU>>, Conv2d<5, Kernel<1>>>>,
    Conv2d<45, Stride<1, 4>, Padding<4>, Groups<5>, Kernel<7>>, Expect<Shape<45, 8, 4>>,
    AdaptiveAvgPool2d<1, 3>, Flatten,
    Concat<Sequential<Dropout<Percent<31>>>, Sequential<Named<"part_277149", Sequential<ReLU, Expect<Shape<135>>, Dropout<Percent<17>>, Expect<Shape<135>>>>>, Identity>,
    Expect<Shape<405>>, Linear<8>>;

TEST_CASE("random network 77/1", "[random]") {
  check_random_network<net_1>("77/1");
}

// 77/2
using net_2 = Sequential<
    Input<5, 22, 15>, Dropout<Percent<36>>,
    Conv2d<12, NoBias, Kernel<5>, Stride<2, 3>, Dilation<3, 2>, Padding<0, 1>>,
    LocalResponseNorm<K<std::ratio<1>>, Size<6>, Beta<std::ratio<2, 4>>, Alpha<std::ratio<13, 10>>>,
    AvgPool2d<Kernel<3, 4>, Stride<3, 2>, Padding<1>>,
    Conv2d<20, Dilation<1, 2>, Kernel<1>, In<12>>,
    Concat<Sequential<Sequential<Dropout<Percent<55>>, AdaptiveAvgPool2d<4, 5>, LocalResponseNorm<Beta<std::ratio<3, 4>>, Size<7>, K<std::ratio<1>>, Alpha<std::ratio<11, 10>>>>, Expect<Shape<20, 4, 5>>, Concat<Sequential<LocalResponseNorm<Beta<std::ratio<3, 4>>, K<std::ratio<1>>, Alpha<std::ratio<3, 10>>, Size<1>>, SiLU>, Named<"part_646651", Sequential<LocalResponseNorm<Alpha<std::ratio<10, 10>>, Beta<std::ratio<2, 4>>, K<std::ratio<1>>, Size<5>>, Conv2d<6, Kernel<1, 4>, Padding<0, 1>, Stride<1, 3>>, AdaptiveAvgPool2d<4, 5>>>, Sequential<Conv2d<5, NoBias, Dilation<2, 1>, Stride<3, 2>, Kernel<1>, Groups<5>>, AdaptiveAvgPool2d<4, 5>>, Identity>>, Sequential<SiLU, Conv2d<20, Kernel<2, 3>, Groups<20>, Padding<1, 2>, Stride<3>>, AdaptiveAvgPool2d<4, 5>>, Sequential<GELU, AdaptiveAvgPool2d<4, 5>>>,
    MaxPool2d<Stride<3>, Kernel<1>>, Expect<Shape<91, 2, 2>>, Flatten, Dropout<Percent<44>>,
    Dropout<Percent<5>>, Linear<5>>;

TEST_CASE("random network 77/2", "[random]") {
  check_random_network<net_2>("77/2");
}
