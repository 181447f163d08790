// How networks are written: options, defaults, nesting, names, and what Expect leaves behind.
#include <type_traits>

#include <tnn/tnn.hpp>

#include "support/catch.hpp"

using namespace tnn;

namespace {

template <class L, class X, class Y>
constexpr bool makes = std::is_same_v<output_t<L, X>, Y>;

// Options in any order, the same network.
using X = Shape<4, 9, 7>;
static_assert(
    makes<Conv2d<6, Kernel<3, 5>, Stride<2, 1>, Padding<1, 2>, Groups<2>>, X, Shape<6, 5, 7>>);
static_assert(makes<Conv2d<6, Groups<2>, Padding<1, 2>, In<4>, Stride<2, 1>, Kernel<3, 5>>, X,
                    Shape<6, 5, 7>>);
// PyTorch's defaults: a convolution's stride 1 and padding 0, a pool's stride its kernel.
static_assert(makes<Conv2d<6, Kernel<3>>, X, Shape<6, 7, 5>>);
static_assert(makes<MaxPool2d<Kernel<3, 2>>, X, Shape<4, 3, 3>>);
static_assert(makes<MaxPool2d<Kernel<3, 2>, Stride<2>>, X, Shape<4, 4, 3>>);
static_assert(makes<AvgPool2d<Kernel<2>, Padding<1>>, X, Shape<4, 5, 4>>);
static_assert(makes<AdaptiveAvgPool2d<2, 3>, X, Shape<4, 2, 3>>);
static_assert(makes<AdaptiveAvgPool2d<12>, X, Shape<4, 12, 12>>);
static_assert(makes<LocalResponseNorm<Size<5>>, X, X> && makes<ReLU, X, X> && makes<Tanh, X, X>);
static_assert(makes<Flatten, X, Shape<252>> && makes<Flatten, Shape<3>, Shape<3>>);
static_assert(makes<Linear<5>, Shape<252>, Shape<5>> && makes<Dropout<std::ratio<1, 3>>, X, X>);
// A kernel as large as the padded input leaves one place; what a stride leaves over is dropped.
static_assert(makes<Conv2d<1, Kernel<11, 9>, Padding<1>>, X, Shape<1, 1, 1>>);
static_assert(makes<Conv2d<1, Kernel<2>, Stride<4>>, X, Shape<1, 2, 2>>);

// A part is asked with a shape; a nested Sequential takes one number, Expect and Input none.
using Block = Sequential<Conv2d<8, Kernel<3>, Padding<1>>, Expect<Shape<8, 9, 7>>, ReLU>;
static_assert(makes<Block, X, Shape<8, 9, 7>> && makes<Named<"block", Block>, X, Shape<8, 9, 7>>);
using Net = Sequential<Input<4, 9, 7>, Expect<Shape<4, 9, 7>>, ReLU, Block, Expect<Shape<8, 9, 7>>,
                       Sequential<Tanh, Sequential<Flatten, Linear<6>>>, Named<"head", Linear<2>>>;
static_assert(std::is_same_v<output_of<Net, 0>, Shape<4, 9, 7>>);
static_assert(std::is_same_v<output_of<Net, 1>, Shape<8, 9, 7>>);
static_assert(std::is_same_v<output_of<Net, 1, 0>, Shape<8, 9, 7>>);
static_assert(std::is_same_v<output_of<Net, 2, 0>, Shape<8, 9, 7>>);
static_assert(std::is_same_v<output_of<Net, 2, 1, 0>, Shape<504>>);
static_assert(std::is_same_v<output_of<Net, 2, 1>, Shape<6>>);
static_assert(std::is_same_v<output_of<Net, 2>, Shape<6>>);
static_assert(std::is_same_v<output_of<Net, 3>, Shape<2>> && outputs<Net, Shape<2>>);
static_assert(!outputs<Net, Shape<3>>);
static_assert(layers_t<Net>::size == 7);  // ReLU, Conv2d, ReLU, Tanh, Flatten, Linear, Linear

// Expect leaves no trace: the same list of layers.
using without =
    Sequential<Input<4, 9, 7>, ReLU, Sequential<Conv2d<8, Kernel<3>, Padding<1>>, ReLU>,
               Sequential<Tanh, Sequential<Flatten, Linear<6>>>, Named<"head", Linear<2>>>;
static_assert(std::is_same_v<layers_t<Net>, layers_t<without>>);

static_assert(parameters_table<Net>.size() == 6);
static_assert(parameters_table<Net>[0].name == "1.0.weight");
static_assert(parameters_table<Net>[3].name == "2.1.1.bias");
static_assert(parameters_table<Net>[4].name == "head.weight");

// Names inside names, and a number above 9.
using Deep = Sequential<Input<3>, Named<"a", Sequential<Named<"b", Sequential<ReLU, Linear<2>>>>>,
                        ReLU, ReLU, ReLU, ReLU, ReLU, ReLU, ReLU, ReLU, ReLU, Linear<1>>;
static_assert(parameters_table<Deep>[0].name == "a.b.1.weight");
static_assert(parameters_table<Deep>[3].name == "10.bias");
static_assert(parameters_table<Deep>[find_parameter(parameters_table<Deep>, "a.b.1.bias")].size ==
              2);
static_assert(find_parameter(parameters_table<Deep>, "a.b.1") == parameters_table<Deep>.size());

// Layers are empty and say what they are without a backend.
static_assert(std::is_empty_v<Conv2d<8, Kernel<3>>> && Layer<ReLU> && !Layer<int>);

// A rule answers; it never stops the compiler.
using refusal = decltype(Linear<3>::rule<X>());
static_assert(refusal::refused && std::is_same_v<refusal::fix, fix::put_Flatten_before_it>);
using other = decltype(Conv2d<4, Kernel<3>, In<3>>::rule<X>());
static_assert(std::is_same_v<other::fix, fix::set_In_to<4>>);

}  // namespace

TEST_CASE("parameters keep their place in one arena, at multiples of 16 values") {
  using Grouped =
      Sequential<Input<4, 5, 5>, Conv2d<6, Kernel<3, 2>, Groups<2>>, Flatten, Linear<3>>;
  const auto table = parameters_table<Grouped>;
  REQUIRE(table.size() == 4);
  CHECK(std::vector<int>(table[0].shape.begin(), table[0].shape.end()) ==
        std::vector<int>{6, 2, 3, 2});
  CHECK(table[0].fan_in == 2 * 3 * 2);
  CHECK(table[0].fan_out == 6 * 3 * 2);
  CHECK(table[1].offset == 80);
  CHECK(table[2].offset == 96);
  CHECK(table[2].layer == 2);
  CHECK(table[2].kind == layer_kind::linear);
  CHECK(table[3].begins == beginning::as_bias);
}
