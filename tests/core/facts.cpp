// What the compiler knows of a network, layer by layer, and what a rule answers to extreme options.
#include <type_traits>

#include <tnn/alexnet.hpp>

#include "support/catch.hpp"

using namespace tnn;

namespace {

struct figures {
  std::int64_t parameters, multiply_adds;
  friend constexpr bool operator==(const figures&, const figures&) = default;
};
template <class Net, int I>
constexpr figures of() {
  using bound = typename detail::nth_t<I, layers_t<Net>>::type;
  return {detail::size_of_parameters<typename bound::parameters>, bound::multiply_adds};
}
using Net = AlexNet<>;
constexpr figures none{0, 0};
// Filters x (channels x kernel + 1), and filters x channels x kernel x places.
static_assert(of<Net, 0>() == figures{11'712, 33'872'256});
static_assert(of<Net, 3>() == figures{614'656, 415'334'400});
static_assert(of<Net, 6>() == figures{885'120, 127'401'984});
static_assert(of<Net, 8>() == figures{1'327'488, 191'102'976});
static_assert(of<Net, 10>() == figures{884'992, 127'401'984});
static_assert(of<Net, 14>() == figures{26'218'496, 26'214'400});
static_assert(of<Net, 17>() == figures{16'781'312, 16'777'216});
static_assert(of<Net, 20>() == figures{40'970, 40'960});
static_assert(of<Net, 1>() == none && of<Net, 2>() == none && of<Net, 13>() == none &&
              of<Net, 16>() == none);
static_assert(33'872'256 + 415'334'400 + 2 * 127'401'984 + 191'102'976 + 26'214'400 + 16'777'216 +
                  40'960 ==
              multiply_adds<Net>);
// A group sees its share of the channels.
using Grouped = Sequential<Input<4, 5, 6>, Conv2d<6, Kernel<3, 2>, Groups<2>, Stride<2>>>;
static_assert(of<Grouped, 0>() == figures{6 * (2 * 6 + 1), 6 * 2 * 6 * 2 * 3});

// Sizes near 2^31 are counted, not wrapped; beyond, they are refused.
static_assert(multiply_adds<Sequential<Input<65'536>, Linear<32'767>>> == 65'536LL * 32'767);
template <class L, class X>
using fix_of = typename decltype(L::template rule<X>())::fix;
using Image = Shape<4, 9, 7>;
static_assert(std::is_same_v<fix_of<Conv2d<2, Kernel<3>, Padding<1'073'741'824>>, Image>,
                             fix::make_the_padded_input_smaller_than_2_to_the_31>);
static_assert(
    std::is_same_v<output_t<Conv2d<2, Kernel<3>, Stride<2'147'483'647>, Padding<9>>, Image>,
                   Shape<2, 1, 1>>);
static_assert(std::is_same_v<fix_of<AvgPool2d<Kernel<3>, Padding<2, 1>>, Image>,
                             fix::make_the_Padding_at_most_half_the_Kernel>);
static_assert(
    std::is_same_v<output_t<AvgPool2d<Kernel<4, 3>, Padding<2, 1>>, Image>, Shape<4, 3, 3>>);
static_assert(std::is_same_v<fix_of<Dropout<std::ratio<1, 1>>, Image>,
                             fix::make_the_rate_at_least_0_and_below_1>);
static_assert(std::is_same_v<output_t<Dropout<Percent<0>>, Image>, Image>);
struct no_ratio {
  static constexpr int num = 1, den = 0;
};
static_assert(!Ratio<no_ratio> && !Ratio<int> && Ratio<Percent<3>> && Ratio<std::ratio<-1, 3>>);
static_assert(detail::fits_31_bits<Shape<2, 1'073'741'823>> &&
              !detail::fits_31_bits<Shape<2, 1'073'741'824>>);
static_assert(!detail::fits_31_bits<Shape<2'147'483'647, 2'147'483'647, 2'147'483'647>>);

// What is no layer: incomplete, with a member, const, not public.
struct undefined;
struct heavy : elementwise {
  int x;
};
class hidden : elementwise {};
static_assert(!Layer<undefined> && !Layer<heavy> && !Layer<const ReLU> && !Layer<hidden> &&
              !Layer<void> && !Layer<ReLU&> && !Layer<Kernel<3>> && !Layer<Shape<3>>);

struct Halve : layer_base {
  template <class X>
  static constexpr auto rule() {
    return accepts<Shape<X::extent(0) / 2>>{};
  }
};

}  // namespace

TEST_CASE("a layer of one's own needs its rule and no more") {
  using Own = Sequential<Input<8>, Halve, Linear<3>, ReLU>;
  STATIC_REQUIRE(std::is_same_v<output_of<Own, 0>, Shape<4>>);
  STATIC_REQUIRE(parameter_count<Own> == 15);
  CHECK(parameters_table<Own>[0].name == "1.weight");
}
