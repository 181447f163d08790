// Types and refusals in words, the same under every compiler.
#include <tnn/core/sentence.hpp>
#include <tnn/tnn.hpp>

#include "support/catch.hpp"

using namespace tnn;

namespace {

template <class T>
constexpr bool is_called(std::string_view name) {
  return detail::type_name<T>() == name;
}
static_assert(is_called<ReLU>("ReLU"));
static_assert(is_called<Conv2d<96, Kernel<11>, Stride<4>, Padding<1>>>(
    "Conv2d<96, Kernel<11>, Stride<4>, Padding<1>>"));
static_assert(
    is_called<Conv2d<8, Kernel<3, 5>, Padding<0, -1>>>("Conv2d<8, Kernel<3, 5>, Padding<0, -1>>"));
static_assert(is_called<AdaptiveAvgPool2d<6>>("AdaptiveAvgPool2d<6>"));
static_assert(is_called<AdaptiveAvgPool2d<6, 60>>("AdaptiveAvgPool2d<6, 60>"));
static_assert(is_called<Sequential<Input<3>, Sequential<Dropout<Percent<5>>>>>(
    "Sequential<Input<3>, Sequential<Dropout<Percent<5>>>>"));

template <class Where, class Layer, class Got, class Fix>
constexpr bool reads(std::string_view words) {
  return detail::sentence<shape_error<Where, Layer, Got, Fix>> == words;
}
static_assert(reads<layer<13>, Linear<4096>, got<256, 5, 5>, fix::put_Flatten_before_it>(
    "layer 13, Linear<4096>, got 256x5x5: put Flatten before it"));
static_assert(reads<layer<3, 0, 12>, ReLU, got<64>, fix::Input_belongs_first>(
    "layer 3.0.12, ReLU, got 64: Input belongs first"));
static_assert(reads<layer<0>, Linear<4, In<3>>, got<2147483647>, fix::set_In_to<2147483647>>(
    "layer 0, Linear<4, In<3>>, got 2147483647: set In to 2147483647"));
// Nothing arrived; and what arrived is itself what is wrong.
static_assert(
    reads<layer<0>, Flatten, got<>, fix::put_Input_first>("layer 0, Flatten: put Input first"));
static_assert(reads<Input<8, -2147483647 - 1>, Input<8, -2147483647 - 1>, got<8, -2147483647 - 1>,
                    fix::give_Input_1_or_3_extents>(
    "Input<8, -2147483648>, got 8x-2147483648: give Input 1 or 3 extents"));
static_assert(
    reads<Input<8>, Expect<Shape<9>>, got<8>, fix::change_this_layer_or_the_Expect_after_it>(
        "Input<8>, Expect<Shape<9>>, got 8: change this layer or the Expect after it"));
static_assert(reads<layer<1>, ReLU, got<8>, fix::write_its_compute_for<Reference>>(
    "layer 1, ReLU, got 8: write its compute for Reference"));

}  // namespace

TEST_CASE("a text keeps what has room") {
  detail::text s;
  for (int i = 0; i < 5000; ++i) s.put('x');
  s.put("more");
  CHECK(s.size() == 4096);
  CHECK(std::string_view(s).find_first_not_of('x') == std::string_view::npos);
}
