#pragma once
// ResNet-18 (He et al. 2015, "Deep Residual Learning for Image Recognition", table 1) with the
// names of torchvision's resnet18, whose weights it loads as they are.
#include <tnn/tnn.hpp>

namespace tnn {

namespace detail {

/// Two convolutions of F filters, each with its norm; the first has stride S.
template <int F, int S>
using resnet_body = Sequential<Named<"conv1", Conv2d<F, Kernel<3>, Stride<S>, Padding<1>, NoBias>>,
                               Named<"bn1", BatchNorm2d<>>, ReLU,
                               Named<"conv2", Conv2d<F, Kernel<3>, Padding<1>, NoBias>>,
                               Named<"bn2", BatchNorm2d<>>>;

/// A block whose shortcut is what it receives.
template <int F>
using resnet_block = Sequential<Unnamed<Residual<resnet_body<F, 1>>>, ReLU>;

/// A block that halves height and width: its shortcut is a convolution of stride 2.
template <int F>
using resnet_halving = Sequential<
    Unnamed<Residual<
        resnet_body<F, 2>,
        Named<"downsample", Sequential<Conv2d<F, Kernel<1>, Stride<2>, NoBias>, BatchNorm2d<>>>>>,
    ReLU>;

}  // namespace detail

// [ResNet18]
template <int Classes = 1000, int Channels = 3, int Side = 224>
using ResNet18 = Sequential<                                               // of a side of 224:
    Input<Channels, Side, Side>,                                           //
    Named<"conv1", Conv2d<64, Kernel<7>, Stride<2>, Padding<3>, NoBias>>,  // 64 x 112 x 112
    Named<"bn1", BatchNorm2d<>>, ReLU,                                     //
    MaxPool2d<Kernel<3>, Stride<2>, Padding<1>>,                           // 64 x 56 x 56
    Named<"layer1", Sequential<detail::resnet_block<64>, detail::resnet_block<64>>>,
    Named<"layer2", Sequential<detail::resnet_halving<128>, detail::resnet_block<128>>>,
    Named<"layer3", Sequential<detail::resnet_halving<256>, detail::resnet_block<256>>>,
    Named<"layer4", Sequential<detail::resnet_halving<512>, detail::resnet_block<512>>>,
    AdaptiveAvgPool2d<1>, Flatten,  // 512
    Named<"fc", Linear<Classes>>>;  // one logit a class
// [/ResNet18]

}  // namespace tnn
