#pragma once
// A small network with a layer of every kind.
#include <tnn/tnn.hpp>

using every_layer = tnn::Sequential<
    tnn::Input<2, 11, 9>,                                             //
    tnn::Conv2d<4, tnn::Kernel<3>, tnn::Padding<1>>, tnn::ReLU,       //  0  4 x 11 x 9
    tnn::LocalResponseNorm<tnn::Size<3>, tnn::Alpha<std::ratio<1>>>,  //  2
    tnn::MaxPool2d<tnn::Kernel<3>, tnn::Stride<2>>,                   //  3  4 x 5 x 4
    tnn::Conv2d<6, tnn::Kernel<2>, tnn::Groups<2>>, tnn::Tanh,        //  4  6 x 4 x 3
    tnn::AvgPool2d<tnn::Kernel<2>, tnn::Stride<1>, tnn::Padding<1>>,  //  6  6 x 5 x 4
    tnn::AdaptiveAvgPool2d<3, 2>, tnn::Expect<tnn::Shape<6, 3, 2>>,   //  7  6 x 3 x 2
    tnn::Flatten,                                                     //  8  36
    tnn::Linear<10>, tnn::Sigmoid, tnn::Dropout<tnn::Percent<30>>,    //  9  10
    tnn::Linear<5>>;                                                  // 12  5
