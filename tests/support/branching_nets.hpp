#pragma once
// Networks that branch, for every backend.
#include <tnn/tnn.hpp>

template <int Filters, int Stride>
using residual_body =
    tnn::Sequential<tnn::Conv2d<Filters, tnn::Kernel<3>, tnn::Padding<1>, tnn::Stride<Stride>>,
                    tnn::BatchNorm2d<>, tnn::ReLU,
                    tnn::Conv2d<Filters, tnn::Kernel<3>, tnn::Padding<1>>, tnn::BatchNorm2d<>>;
/// Two blocks as ResNet's, of 8 channels: one whose shortcut is x, one with stride and projection.
using residual_net = tnn::Sequential<
    tnn::Input<3, 9, 7>, tnn::Conv2d<8, tnn::Kernel<3>, tnn::Padding<1>>, tnn::ReLU,
    tnn::Residual<residual_body<8, 1>>, tnn::ReLU,
    tnn::Residual<
        residual_body<8, 2>,
        tnn::Named<"downsample", tnn::Sequential<tnn::Conv2d<8, tnn::Kernel<1>, tnn::Stride<2>>,
                                                 tnn::BatchNorm2d<>>>>,
    tnn::ReLU, tnn::AdaptiveAvgPool2d<1>, tnn::Flatten, tnn::Linear<5>>;

/// Branches in branches: values with up to four readers, branches that do nothing or work in place,
/// and vectors.
using nested_net = tnn::Sequential<
    tnn::Input<2, 7, 5>, tnn::Conv2d<6, tnn::Kernel<2>>,
    tnn::Concat<tnn::Identity, tnn::Conv2d<3, tnn::Kernel<1>>,
                tnn::Sequential<tnn::Tanh, tnn::Residual<tnn::Sigmoid>>, tnn::ReLU>,
    tnn::Residual<tnn::Residual<tnn::Conv2d<21, tnn::Kernel<3>, tnn::Padding<1>>,
                                tnn::Named<"inner", tnn::Residual<tnn::Tanh, tnn::SiLU>>>>,
    tnn::MaxPool2d<tnn::Kernel<2>>,
    tnn::Concat<tnn::Sequential<tnn::Flatten, tnn::Linear<4>>, tnn::Flatten>,
    tnn::Residual<tnn::Expect<tnn::Shape<130>>>, tnn::Linear<6>>;

/// Gates that reach over an image, over channels, over nothing; of a gradient that is added to.
using gated_net = tnn::Sequential<
    tnn::Input<2, 6, 5>, tnn::Conv2d<4, tnn::Kernel<2>>,
    tnn::Gate<tnn::Sequential<tnn::AdaptiveAvgPool2d<1>, tnn::Conv2d<3, tnn::Kernel<1>>, tnn::ReLU,
                              tnn::Conv2d<4, tnn::Kernel<1>>, tnn::Sigmoid>>,
    tnn::Residual<tnn::Gate<tnn::Sequential<tnn::Conv2d<1, tnn::Kernel<1>>, tnn::Sigmoid>>>,
    tnn::Gate<tnn::AdaptiveAvgPool2d<1, 4>>, tnn::Gate<tnn::Identity>, tnn::Flatten,
    tnn::Gate<tnn::Sequential<tnn::Linear<1>, tnn::Tanh>>, tnn::Linear<5>>;

/// A convolution, its norm, the sum behind it and a ReLU are one step on some backends, by each of
/// their ways: few channels in, many, and in groups; with and without a bias; as a part of a whole.
template <int Filters>
using plain_conv = tnn::Conv2d<Filters, tnn::Kernel<3>, tnn::Padding<1>, tnn::NoBias>;
using normed_net = tnn::Sequential<
    tnn::Input<2, 13, 11>, tnn::Conv2d<34, tnn::Kernel<5>, tnn::Padding<2>>, tnn::BatchNorm2d<>,
    tnn::ReLU,
    tnn::Residual<tnn::Sequential<plain_conv<34>, tnn::BatchNorm2d<>, tnn::ReLU, plain_conv<34>,
                                  tnn::BatchNorm2d<>>>,
    tnn::ReLU,
    tnn::Residual<tnn::Sequential<tnn::Conv2d<34, tnn::Kernel<3>, tnn::Padding<1>, tnn::Groups<2>>,
                                  tnn::BatchNorm2d<tnn::Eps<std::ratio<1, 8>>>>>,
    plain_conv<18>, tnn::BatchNorm2d<>,
    tnn::Residual<
        tnn::Sequential<tnn::Tanh, tnn::Conv2d<18, tnn::Kernel<1>>, tnn::BatchNorm2d<>>,
        tnn::Named<"shortcut", tnn::Sequential<tnn::Conv2d<18, tnn::Kernel<1>, tnn::NoBias>,
                                               tnn::BatchNorm2d<>>>>,
    tnn::Concat<tnn::Sequential<plain_conv<3>, tnn::BatchNorm2d<>, tnn::ReLU>,
                tnn::Sequential<plain_conv<17>, tnn::BatchNorm2d<>>>,
    tnn::Conv2d<5, tnn::Kernel<2>, tnn::Stride<3>, tnn::NoBias>, tnn::BatchNorm2d<>, tnn::ReLU,
    tnn::Flatten, tnn::Linear<4>>;
