#pragma once
// LeNet-5 (LeCun, Bottou, Bengio and Haffner, 1998) as d2l.ai teaches it for 28 x 28 images: the
// small net of examples and tests; and the same with the ReLUs that AlexNet brought.
#include <tnn/tnn.hpp>

namespace tnn {

namespace detail {
template <class Activation, int Classes, int Channels>
using lenet = Sequential<                          //     channels x height x width
    Input<Channels, 28, 28>,                       //
    Conv2d<6, Kernel<5>, Padding<2>>, Activation,  //  0  6 x 28 x 28
    AvgPool2d<Kernel<2>>,                          //  2  6 x 14 x 14
    Conv2d<16, Kernel<5>>, Activation,             //  3  16 x 10 x 10
    AvgPool2d<Kernel<2>>,                          //  5  16 x 5 x 5
    Flatten,                                       //  6  400
    Linear<120>, Activation,                       //  7  120
    Linear<84>, Activation,                        //  9  84
    Linear<Classes>>;                              // 11  one logit a class
}  // namespace detail

template <int Classes = 10, int Channels = 1>
using LeNet = detail::lenet<Sigmoid, Classes, Channels>;

template <int Classes = 10, int Channels = 1>
using LeNetReLU = detail::lenet<ReLU, Classes, Channels>;

}  // namespace tnn
