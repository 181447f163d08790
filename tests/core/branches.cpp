// Networks that branch: shapes, places and names. The names of torchvision's networks can be
// written: one block of each.
#include <string>
#include <type_traits>
#include <vector>

#include <tnn/tnn.hpp>

#include "support/catch.hpp"

using namespace tnn;

namespace {

template <class Net>
constexpr bool has_tensor(std::string_view name) {
  return detail::is_in(parameters_table<Net>, name) || detail::is_in(buffers_table<Net>, name);
}
template <int Filters, int Size, class... Options>
using Conv = Conv2d<Filters, Kernel<Size>, Options...>;
template <int Filters, int Size = 1, class... Options>
using ConvBN =
    Sequential<Named<"conv", Conv<Filters, Size, Options...>>, Named<"bn", BatchNorm2d<>>, ReLU>;

// resnet: the ReLU follows the sum, and both are part of one block.
template <int F, int S>
using BasicBody =
    Sequential<Named<"conv1", Conv<F, 3, Padding<1>, Stride<S>>>, Named<"bn1", BatchNorm2d<>>, ReLU,
               Named<"conv2", Conv<F, 3, Padding<1>>>, Named<"bn2", BatchNorm2d<>>>;
template <int F>
using Basic = Sequential<Unnamed<Residual<BasicBody<F, 1>>>, ReLU>;
template <int F>
using Down = Sequential<
    Unnamed<Residual<BasicBody<F, 2>,
                     Named<"downsample", Sequential<Conv<F, 1, Stride<2>>, BatchNorm2d<>>>>>,
    ReLU>;
using ResNet = Sequential<Input<3, 16, 16>, Named<"layer1", Sequential<Conv<8, 1>, Basic<8>>>,
                          Named<"layer2", Sequential<Down<12>, Basic<12>>>>;
static_assert(has_tensor<ResNet>("layer1.1.conv1.weight"));
static_assert(has_tensor<ResNet>("layer2.0.downsample.0.weight"));
static_assert(has_tensor<ResNet>("layer2.0.downsample.1.running_var"));
static_assert(has_tensor<ResNet>("layer2.1.bn2.bias"));
static_assert(outputs<ResNet, Shape<12, 8, 8>>);

// densenet
template <int Growth>
using DenseLayer =
    Concat<Identity,
           Unnamed<Sequential<Named<"norm1", BatchNorm2d<>>, Named<"relu1", ReLU>,
                              Named<"conv1", Conv<4 * Growth, 1>>, Named<"norm2", BatchNorm2d<>>,
                              Named<"relu2", ReLU>, Named<"conv2", Conv<Growth, 3, Padding<1>>>>>>;
using DenseNet = Sequential<
    Input<6, 8, 8>,
    Named<"features",
          Sequential<Named<"denseblock1", Sequential<Named<"denselayer1", DenseLayer<4>>,
                                                     Named<"denselayer2", DenseLayer<4>>>>>>>;
static_assert(has_tensor<DenseNet>("features.denseblock1.denselayer1.norm1.weight"));
static_assert(has_tensor<DenseNet>("features.denseblock1.denselayer2.conv2.weight"));
static_assert(outputs<DenseNet, Shape<14, 8, 8>>);

// googlenet
using GoogLeNet =
    Sequential<Input<6, 8, 8>,
               Named<"inception3a",
                     Concat<Named<"branch1", ConvBN<4>>,
                            Named<"branch2", Sequential<ConvBN<3>, ConvBN<5, 3, Padding<1>>>>,
                            Named<"branch3", Sequential<ConvBN<2>, ConvBN<3, 3, Padding<1>>>>,
                            Named<"branch4", Sequential<MaxPool2d<Kernel<3>, Stride<1>, Padding<1>>,
                                                        ConvBN<2>>>>>>;
static_assert(has_tensor<GoogLeNet>("inception3a.branch1.conv.weight"));
static_assert(has_tensor<GoogLeNet>("inception3a.branch2.0.conv.weight"));
static_assert(has_tensor<GoogLeNet>("inception3a.branch4.1.bn.running_mean"));
static_assert(outputs<GoogLeNet, Shape<14, 8, 8>>);

// mobilenet_v2
template <int Channels, int Expanded>
using InvertedResidual =
    Residual<Named<"conv", Sequential<Sequential<Conv<Expanded, 1>, BatchNorm2d<>, ReLU>,
                                      Sequential<Conv<Expanded, 3, Padding<1>, Groups<Expanded>>,
                                                 BatchNorm2d<>, ReLU>,
                                      Conv<Channels, 1>, BatchNorm2d<>>>>;
using MobileNet =
    Sequential<Input<3, 8, 8>,
               Named<"features", Sequential<Sequential<Conv<4, 3, Padding<1>>, BatchNorm2d<>, ReLU>,
                                            InvertedResidual<4, 8>>>>;
static_assert(has_tensor<MobileNet>("features.1.conv.0.0.weight"));
static_assert(has_tensor<MobileNet>("features.1.conv.3.running_mean"));

// squeezenet
template <int Squeezed, int Expanded>
using Fire = Sequential<
    Named<"squeeze", Conv<Squeezed, 1>>, Named<"squeeze_activation", ReLU>,
    Unnamed<Concat<Unnamed<Sequential<Named<"expand1x1", Conv<Expanded, 1>>, ReLU>>,
                   Unnamed<Sequential<Named<"expand3x3", Conv<Expanded, 3, Padding<1>>>, ReLU>>>>>;
using SqueezeNet =
    Sequential<Input<3, 16, 16>,
               Named<"features", Sequential<Conv<8, 3>, ReLU, MaxPool2d<Kernel<2>>, Fire<4, 6>>>>;
static_assert(has_tensor<SqueezeNet>("features.3.squeeze.bias"));
static_assert(has_tensor<SqueezeNet>("features.3.expand1x1.weight"));
static_assert(has_tensor<SqueezeNet>("features.3.expand3x3.weight"));
static_assert(outputs<SqueezeNet, Shape<12, 7, 7>>);

// efficientnet: squeeze-and-excitation is a Gate within the block.
template <int Channels, int Squeezed>
using SqueezeExcitation = Gate<Sequential<AdaptiveAvgPool2d<1>, Named<"fc1", Conv<Squeezed, 1>>,
                                          SiLU, Named<"fc2", Conv<Channels, 1>>, Sigmoid>>;
using MBConv = Residual<
    Named<"block", Sequential<Sequential<Conv<6, 3, Padding<1>, Groups<6>>, BatchNorm2d<>, SiLU>,
                              SqueezeExcitation<6, 2>, Sequential<Conv<6, 1>, BatchNorm2d<>>>>>;
using EfficientNet =
    Sequential<Input<3, 8, 8>,
               Named<"features", Sequential<Sequential<Conv<6, 3, Padding<1>>, BatchNorm2d<>, SiLU>,
                                            Sequential<MBConv>>>>;
static_assert(has_tensor<EfficientNet>("features.1.0.block.1.fc1.weight"));
static_assert(has_tensor<EfficientNet>("features.1.0.block.2.1.running_var"));

// Places: a branch of a Concat is numbered, one of a Residual is not; what joins them has the place
// of the whole. An Unnamed's layers are numbered where it stands.
using Places = Sequential<Input<2, 4, 4>, Concat<Conv<3, 1>, Sequential<Conv<5, 1>, ReLU>>,
                          Residual<Sequential<Conv<8, 1>, ReLU>>,
                          Unnamed<Sequential<ReLU, Conv<4, 1>>>, Flatten, Linear<2>>;
static_assert(std::is_same_v<output_of<Places, 0, 0>, Shape<3, 4, 4>>);
static_assert(std::is_same_v<output_of<Places, 0, 1>, Shape<5, 4, 4>>);
static_assert(std::is_same_v<output_of<Places, 0>, Shape<8, 4, 4>>);
static_assert(std::is_same_v<output_of<Places, 1, 0>, Shape<8, 4, 4>>);
static_assert(std::is_same_v<output_of<Places, 3>, Shape<4, 4, 4>>);
static_assert(has_tensor<Places>("0.0.weight") && has_tensor<Places>("0.1.0.weight"));
static_assert(has_tensor<Places>("1.0.weight") && has_tensor<Places>("3.weight"));
static_assert(has_tensor<Places>("5.weight"));

// A combinator in a combinator, one without layers, and a value that several read.
using Nested = Sequential<Input<4>, Residual<Residual<Concat<Sequential<Linear<2>>, Linear<2>>>>,
                          Gate<Named<"gate", Linear<1>>>>;
static_assert(outputs<Nested, Shape<4>>);
static_assert(has_tensor<Nested>("0.0.0.weight") && has_tensor<Nested>("0.1.weight"));
static_assert(has_tensor<Nested>("1.gate.weight"));
static_assert(outputs<Sequential<Input<4>, Residual<Expect<Shape<4>>>>, Shape<4>>);

// What has no level of its own: a plain layer has its parent's, and takes no number.
using Plain = Sequential<Input<4>, Unnamed<Linear<4>>, Linear<3>, Named<"x", Unnamed<Linear<5>>>,
                         Linear<2>, Unnamed<Named<"y", Linear<6>>>>;
static_assert(parameters_table<Plain>[0].name == "weight");
static_assert(parameters_table<Plain>[2].name == "0.weight");
static_assert(parameters_table<Plain>[4].name == "x.weight");
static_assert(parameters_table<Plain>[6].name == "2.weight");
static_assert(parameters_table<Plain>[8].name == "y.weight");
static_assert(std::is_same_v<output_of<Plain, 1>, Shape<5>>);

/// Whether it is refused with that remedy, at that place, of that layer.
template <class Net, class Place, class L, class Fix>
constexpr bool refused = []<class At, class Who, class Got, class What>(
                             detail::refusal<shape_error<At, Who, Got, What>>) {
  return std::is_same_v<At, Place> && std::is_same_v<Who, L> && std::is_same_v<What, Fix>;
}(detail::analysis<Net, void>::ask());
static_assert(refused<Sequential<Input<4>, Unnamed<Linear<4>>, Unnamed<Linear<3>>>, layer<>,
                      Linear<3>, fix::give_each_layer_its_own_name>);
static_assert(refused<Sequential<Input<4>, Residual<Named<"1a", ReLU>>>, layer<0>, called<"1a">,
                      fix::give_it_a_name_of_letters_digits_and_underscores>);
// Expect at the start of a branch names what is before the whole.
static_assert(
    refused<Sequential<Input<4>, Linear<7>, Concat<Linear<3>, Sequential<Expect<Shape<9>>, ReLU>>>,
            layer<0>, Expect<Shape<9>>, fix::change_this_layer_or_the_Expect_after_it>);
using nothing = Sequential<Input<4>, Unnamed<Sequential<Expect<Shape<4>>>>>;
static_assert(refused<nothing, Input<4>, nothing, fix::put_a_layer_in_it>);
static_assert(refused<Sequential<Input<4>, const Residual<ReLU>>, layer<0>, const Residual<ReLU>,
                      fix::use_a_layer_type_here>);

}  // namespace

TEST_CASE("the graph: which values each layer reads") {
  using Net =
      Sequential<Input<4>, Linear<4>, Residual<Linear<4>, Named<"s", Linear<4>>>, Gate<Linear<1>>>;
  const auto reads = []<class... Placed>(detail::list<Placed...>) {
    return std::vector<std::vector<int>>{{std::begin(Placed::reads), std::end(Placed::reads)}...};
  }(layers_t<Net>{});
  // Values: 0 input, 1 linear, 2 body, 3 shortcut, 4 sum, 5 gate's branch, 6 gated.
  CHECK(reads == std::vector<std::vector<int>>{{0}, {1}, {1}, {2, 3}, {4}, {5, 4}});
}

TEST_CASE("the summary indents branches, and says what joins them") {
  using Net = Sequential<Input<2, 4, 4>, Concat<Conv<3, 1>, Sequential<Conv<5, 1>, ReLU>>,
                         Residual<Gate<Conv<1, 1>>>>;
  const std::string table = summary<Net>();
  const std::string expected =
      "       layer                        output  parameters  multiply-adds   share\n"
      "       Input                     2 x 4 x 4\n"
      "  0.0    Conv2d<3, Kernel<1>>    3 x 4 x 4           9             96   25.0%\n"
      "0.1.0    Conv2d<5, Kernel<1>>    5 x 4 x 4          15            160   41.7%\n"
      "0.1.1    ReLU                    5 x 4 x 4\n"
      "    0  Concat                    8 x 4 x 4\n"
      "    1      Conv2d<1, Kernel<1>>  1 x 4 x 4           9            128   33.3%\n"
      "    1    Gate: product           8 x 4 x 4\n"
      "    1  Residual: sum             8 x 4 x 4\n"
      "       total                     8 x 4 x 4          33            384  100.0%\n";
  CHECK(table.substr(0, expected.size()) == expected);
}
