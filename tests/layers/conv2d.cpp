#include <tnn/layers/conv2d/conv2d.hpp>

#include "support/layer_fixture.hpp"

using namespace tnn;

TEST_CASE("Reference's Conv2d by hand", "[conv2d]") {
  using Case = layer_case<Conv2d<1, Kernel<2>>, Shape<1, 2, 3>>;
  question q;
  q.x = {1, 2, 3,  //
         4, 5, 6};
  q.weight = {1, 10,  //
              100, 1000};
  q.bias = {0.5};
  q.dy = {1, 2};
  const answer a = ask<Case, double>(Reference{}, q);
  CHECK(a.y == std::vector<double>{5421.5, 6532.5});
  CHECK(a.dx == std::vector<double>{1, 12, 20, 100, 1200, 2000});
  CHECK(a.dweight == std::vector<double>{1 + 4, 2 + 6, 4 + 10, 5 + 12});
  CHECK(a.dbias == std::vector<double>{3});
}

namespace {
using plain = layer_case<Conv2d<3, Kernel<3>>, Shape<2, 5, 6>>;
using strides =
    layer_case<Conv2d<4, Kernel<3, 5>, Stride<2, 3>, Padding<1, 2>, In<3>>, Shape<3, 8, 11>>;
using grouped =
    layer_case<Conv2d<6, Groups<2>, Padding<2, 1>, Stride<3, 2>, Kernel<2, 3>>, Shape<4, 7, 6>>;
using depthwise = layer_case<Conv2d<6, Kernel<3>, Padding<1>, Groups<3>>, Shape<3, 4, 5>>;
using whole = layer_case<Conv2d<5, Kernel<4, 3>>, Shape<2, 4, 3>>;
using wide_padding = layer_case<Conv2d<2, Kernel<2>, Stride<2>, Padding<3>>, Shape<1, 3, 2>>;
using dilated = layer_case<Conv2d<4, Kernel<3, 2>, Stride<2, 1>, Padding<3, 1>, Dilation<2, 3>>,
                           Shape<3, 7, 8>>;
using dilated_groups =
    layer_case<Conv2d<6, Kernel<3>, Stride<3>, Padding<2>, Dilation<2>, Groups<2>, NoBias>,
               Shape<4, 9, 8>>;
using no_bias = layer_case<Conv2d<6, NoBias, Kernel<3, 2>, Padding<1>, Stride<2, 1>, Groups<2>>,
                           Shape<4, 5, 7>>;
}  // namespace

TEST_CASE("Reference's Conv2d is PyTorch's", "[conv2d]") {
  check_pytorch<plain>("conv2d/plain");
  check_pytorch<strides>("conv2d/strides");
  check_pytorch<grouped>("conv2d/groups");
  check_pytorch<depthwise>("conv2d/depthwise");
  check_pytorch<whole>("conv2d/whole");
  check_pytorch<wide_padding>("conv2d/wide padding");
  check_pytorch<no_bias>("conv2d/no bias");
  check_pytorch<dilated>("conv2d/dilation");
  check_pytorch<dilated_groups>("conv2d/dilation in groups");
}

TEST_CASE("Conv2d's gradients are its differences", "[conv2d]") {
  for_each_case<plain, strides, grouped, depthwise, whole, wide_padding, no_bias, dilated,
                dilated_groups>(
      [](auto c) { check_gradients<decltype(c)>(question_for<decltype(c)>(2)); });
}

TEST_CASE("Cpu's Conv2d agrees with Reference", "[conv2d]") {
  for_each_case<plain, strides, grouped, depthwise, whole, wide_padding, no_bias, dilated,
                dilated_groups,
                // windows of which all but one value is padding
                layer_case<Conv2d<2, Kernel<3, 2>, Padding<9, 5>, Dilation<9, 5>>, Shape<2, 3, 4>>,
                // one pixel, one filter, one place
                layer_case<Conv2d<1, Kernel<1>>, Shape<1, 1, 1>>,
                layer_case<Conv2d<7, Kernel<1>, Stride<2>>, Shape<5, 5, 7>>,
                // a kernel wider than the image, which only padding lets in
                layer_case<Conv2d<3, Kernel<5, 1>, Padding<2, 0>>, Shape<2, 2, 3>>,
                layer_case<Conv2d<3, Kernel<1, 7>, Padding<0, 3>, Stride<1, 2>>, Shape<2, 3, 4>>>(
      [](auto c) { check_cpu<decltype(c)>(); });
}

TEST_CASE("Cpu's Conv2d in several blocks of the patch matrix", "[conv2d]") {
  for_each_case<
      // K = 30 * 9 = 270 rows: two blocks, the second of 14
      layer_case<Conv2d<5, Kernel<3>, Padding<1>>, Shape<30, 5, 7>>,
      // 17 * 19 = 323 places: two tiles; a tile ends amid a row
      layer_case<Conv2d<4, Kernel<3>, Padding<1>>, Shape<3, 17, 19>>,
      // 14 x 15 = 210 places, groups of K = 275 rows
      layer_case<Conv2d<4, Kernel<5>, Stride<2>, Padding<2>, Groups<2>>, Shape<22, 28, 29>>,
      layer_case<Conv2d<5, Kernel<3>, Padding<1, 2>, Dilation<2>>, Shape<30, 9, 23>>,
      // fewer groups of images, whose sums are added in order, than the largest batches have images
      layer_case<Conv2d<3, Kernel<3>, Stride<2>>, Shape<2, 7, 5>>>(
      [](auto c) { check_cpu<decltype(c), false>(); });
  // K = 513: three blocks, the last of a single row
  check_cpu<layer_case<Conv2d<3, Kernel<3, 3>, Stride<2>>, Shape<57, 5, 6>>>();
}

namespace {

template <class Case>
constexpr bool by_winograd = compute<Cpu, float, typename Case::bound>::by_winograd;

}  // namespace

TEST_CASE("Cpu's Conv2d by Winograd agrees with Reference", "[conv2d]") {
  // Sums of numbers that are larger than the result: the bounds are those of the method. The weight
  // gradient's error grows as the root of the batch: 3.3e-6 at 7 and 9.0e-6 at 70 in the worst
  // case.
  for_each_case<
      // tiles that reach past the image, 17 channels (a register and one), 20 filters
      layer_case<Conv2d<20, Kernel<3>, Padding<1>>, Shape<17, 9, 11>>,
      layer_case<Conv2d<40, Kernel<5>, Padding<2>, Groups<2>>, Shape<34, 10, 13>>>([](auto c) {
    STATIC_REQUIRE(by_winograd<decltype(c)>);
    check_cpu<decltype(c)>(1.2e-5, 2e-14);
  });
  for_each_case<
      // no padding; padding in one direction alone, and more than keeps the size
      layer_case<Conv2d<16, Kernel<3>>, Shape<16, 6, 10>>,
      layer_case<Conv2d<33, Kernel<3>, Padding<2, 0>>, Shape<16, 6, 14>>,
      // groups, and a plane smaller than a register
      layer_case<Conv2d<32, Kernel<3>, Padding<1>, Groups<2>>, Shape<34, 4, 3>>,
      layer_case<Conv2d<32, Kernel<3>, Padding<1>, Groups<2>, NoBias>, Shape<34, 5, 7>>,
      // filters transformed where they are used, some channels at a time
      layer_case<Conv2d<250, Kernel<3>, Padding<1>>, Shape<70, 4, 5>>,
      layer_case<Conv2d<19, Kernel<5>, Padding<4>>, Shape<16, 8, 4>>>([](auto c) {
    STATIC_REQUIRE(by_winograd<decltype(c)>);
    check_cpu<decltype(c), false>(1.2e-5);
  });
}

TEST_CASE("Cpu's Conv2d of few channels agrees with Reference", "[conv2d]") {
  for_each_case<
      // AlexNet's first layer on a smaller image; without AVX-512 a row of taps takes several tiles
      layer_case<Conv2d<96, Stride<4>, Kernel<11>, Padding<1>>, Shape<1, 59, 59>>,
      layer_case<Conv2d<95, Stride<3, 4>, Kernel<11, 7>, Padding<1, 3>>, Shape<12, 15, 17>>,
      // rows of several tiles, the last of which overlaps; filters that fill no panel
      layer_case<Conv2d<33, Kernel<11>, Stride<4>, Padding<1>>, Shape<1, 31, 139>>,
      layer_case<Conv2d<70, Kernel<5, 7>, Stride<2, 3>, Padding<3, 2>>, Shape<3, 12, 25>>,
      // windows that leave rows and columns out; one place
      layer_case<Conv2d<40, Kernel<5>, Stride<4, 5>>, Shape<15, 8, 9>>,
      layer_case<Conv2d<32, Kernel<6, 17>>, Shape<2, 6, 17>>,
      // nothing but padding
      layer_case<Conv2d<32, Kernel<5>, Stride<20>, Padding<7>>, Shape<1, 6, 4>>,
      layer_case<Conv2d<37, Kernel<5>, Padding<2>, NoBias>, Shape<3, 9, 7>>,
      // half a panel of filters or less; as many channels as are still few
      layer_case<Conv2d<16, Kernel<3>, Padding<1>>, Shape<3, 9, 11>>,
      layer_case<Conv2d<17, Kernel<4, 3>, Stride<2>, Padding<1>>, Shape<32, 8, 9>>,
      layer_case<Conv2d<33, Kernel<5, 7>, Stride<1, 2>, Padding<3, 4>, Dilation<2, 3>>,
                 Shape<2, 9, 31>>>([](auto c) {
    using Case = decltype(c);
    STATIC_REQUIRE(
        std::is_same_v<typename compute<Cpu, float, typename Case::bound>::method,
                       detail::narrow_convolution<float, typename Case::layer, typename Case::input,
                                                  typename Case::output,
                                                  detail::no_tail<float, typename Case::output>>>);
    // In double the first and one whose filters fill no panel.
    check_cpu<Case, Case::layer::filters == 96 || Case::layer::filters == 37>();
  });
}

TEST_CASE("Winograd is not taken where it does not pay, nor on DirectCpu", "[conv2d]") {
  using few = layer_case<Conv2d<16, Kernel<3>, Padding<1>>, Shape<15, 8, 8>>;
  using steps = layer_case<Conv2d<16, Kernel<3>, Stride<2>, Padding<1>>, Shape<16, 8, 8>>;
  using tiny = layer_case<Conv2d<16, Kernel<3>>, Shape<16, 3, 3>>;
  using oblong = layer_case<Conv2d<16, Kernel<3, 5>>, Shape<16, 8, 8>>;
  STATIC_REQUIRE(!(by_winograd<few> || by_winograd<steps> || by_winograd<tiny>));
  using dilation = layer_case<Conv2d<16, Kernel<3>, Dilation<2>>, Shape<16, 12, 12>>;
  STATIC_REQUIRE(!(by_winograd<oblong> || by_winograd<dilation>));
  using Case = layer_case<Conv2d<18, Kernel<3>, Padding<1>>, Shape<17, 9, 11>>;
  STATIC_REQUIRE(by_winograd<Case>);
  STATIC_REQUIRE(!compute<DirectCpu, float, Case::bound>::by_winograd);
  const question q = question_for<Case>(3);
  const answer expected = ask<Case, double>(Reference{}, q);
  CHECK(error_between(ask<Case, float>(DirectCpu{{2}}, q), expected) < 1e-6);
  CHECK(error_between(ask<Case, float>(Cpu{2}, q), expected) < 6e-6);
  CHECK(ask<Case, float>(DirectCpu{{2}}, q) != ask<Case, float>(Cpu{2}, q));
}

TEST_CASE("Winograd on more images than are worked on at a time", "[conv2d][slow]") {
  using Case = layer_case<Conv2d<128, Kernel<3>, Padding<1>>, Shape<128, 12, 12>>;
  static_assert(compute<Cpu, float, Case::bound>::method::there(90).images < 45);
  const question q = question_for<Case>(90);
  const answer one = ask<Case, float>(Cpu{1}, q);
  CHECK(error_between(one, ask<Case, double>(DirectCpu{{2}}, q)) < 1e-5);
  CHECK(ask<Case, float>(Cpu{2}, q) == one);
  CHECK(ask<Case, float>(Cpu{5}, q) == one);
}

TEST_CASE("AlexNet's convolutions by Winograd, against the formula in double", "[conv2d][slow]") {
  for_each_case<layer_case<Conv2d<256, Kernel<5>, Padding<2>>, Shape<96, 26, 26>>,
                layer_case<Conv2d<384, Kernel<3>, Padding<1>>, Shape<256, 12, 12>>,
                layer_case<Conv2d<384, Kernel<3>, Padding<1>>, Shape<384, 12, 12>>,
                layer_case<Conv2d<256, Kernel<3>, Padding<1>>, Shape<384, 12, 12>>>([](auto c) {
    using Case = decltype(c);
    const question q = question_for<Case>(2);
    const answer expected = ask<Case, double>(DirectCpu{{2}}, q);
    const answer found = ask<Case, float>(Cpu{2}, q);
    CHECK(relative_error(found.y, expected.y) < 6e-6);
    CHECK(relative_error(found.dx, expected.dx) < 8e-6);
    CHECK(relative_error(found.dweight, expected.dweight) < 5e-6);
  });
}
