#pragma once
// A chain of 450 layers; ResNets of bottlenecks (He et al. 2015, table 1); 42 of DenseNet's dense
// layers (Huang et al. 2017); 150 branches.
#include <utility>

#include <tnn/tnn.hpp>

namespace deep {

using namespace tnn;

/// Layers, Times times over, as one Sequential's.
template <class Times, class... Layers>
struct repeated;
template <int... I, class... Layers>
struct repeated<std::integer_sequence<int, I...>, Layers...> {
  template <int>
  using once = Unnamed<Sequential<Layers...>>;
  using type = Sequential<once<I>...>;
};
template <int Times, class... Layers>
using repeated_t = typename repeated<std::make_integer_sequence<int, Times>, Layers...>::type;

template <int Width, int Stride_>
using bottleneck_body =
    Sequential<Named<"conv1", Conv2d<Width, Kernel<1>, NoBias>>, Named<"bn1", BatchNorm2d<>>, ReLU,
               Named<"conv2", Conv2d<Width, Kernel<3>, Stride<Stride_>, Padding<1>, NoBias>>,
               Named<"bn2", BatchNorm2d<>>, ReLU,
               Named<"conv3", Conv2d<4 * Width, Kernel<1>, NoBias>>, Named<"bn3", BatchNorm2d<>>>;
template <int Width>
using bottleneck = Sequential<Unnamed<Residual<bottleneck_body<Width, 1>>>, ReLU>;
template <int Width, int Stride_>
using first_bottleneck = Sequential<
    Unnamed<Residual<
        bottleneck_body<Width, Stride_>,
        Named<"downsample",
              Sequential<Conv2d<4 * Width, Kernel<1>, Stride<Stride_>, NoBias>, BatchNorm2d<>>>>>,
    ReLU>;

template <int Width, int Stride_, class Rest>
struct stage;
template <int Width, int Stride_, int... I>
struct stage<Width, Stride_, std::integer_sequence<int, I...>> {
  template <int>
  using block = bottleneck<Width>;
  using type = Sequential<first_bottleneck<Width, Stride_>, block<I>...>;
};
template <int Width, int Stride_, int Blocks>
using stage_t = typename stage<Width, Stride_, std::make_integer_sequence<int, Blocks - 1>>::type;

}  // namespace deep

using chain_of_450 = tnn::Sequential<
    tnn::Input<4, 8, 8>,
    tnn::Unnamed<deep::repeated_t<150, tnn::Conv2d<4, tnn::Kernel<3>, tnn::Padding<1>>,
                                  tnn::BatchNorm2d<>, tnn::ReLU>>>;

template <int A, int B, int C, int D>
using resnet_of = tnn::Sequential<
    tnn::Input<3, 224, 224>,
    tnn::Named<"conv1",
               tnn::Conv2d<64, tnn::Kernel<7>, tnn::Stride<2>, tnn::Padding<3>, tnn::NoBias>>,
    tnn::Named<"bn1", tnn::BatchNorm2d<>>, tnn::ReLU,
    tnn::MaxPool2d<tnn::Kernel<3>, tnn::Stride<2>, tnn::Padding<1>>,
    tnn::Named<"layer1", deep::stage_t<64, 1, A>>, tnn::Named<"layer2", deep::stage_t<128, 2, B>>,
    tnn::Named<"layer3", deep::stage_t<256, 2, C>>, tnn::Named<"layer4", deep::stage_t<512, 2, D>>,
    tnn::AdaptiveAvgPool2d<1>, tnn::Flatten, tnn::Named<"fc", tnn::Linear<1000>>>;
using resnet50 = resnet_of<3, 4, 6, 3>;

using dense_42 = tnn::Sequential<
    tnn::Input<16, 7, 7>,
    tnn::Unnamed<deep::repeated_t<
        42, tnn::Concat<
                tnn::Identity,
                tnn::Sequential<tnn::BatchNorm2d<>, tnn::ReLU,
                                tnn::Conv2d<16, tnn::Kernel<1>, tnn::NoBias>, tnn::BatchNorm2d<>,
                                tnn::ReLU,
                                tnn::Conv2d<4, tnn::Kernel<3>, tnn::Padding<1>, tnn::NoBias>>>>>>;

namespace deep {
template <class Times>
struct side_by_side;
template <int... I>
struct side_by_side<std::integer_sequence<int, I...>> {
  template <int>
  using branch = Sequential<Linear<2>, ReLU>;
  using type = Sequential<Input<8>, Concat<branch<I>...>>;
};
}  // namespace deep
using branches_150 = deep::side_by_side<std::make_integer_sequence<int, 150>>::type;
