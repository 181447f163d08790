#pragma once
// The layers that AlexNet has not, nested and named: tests/fixtures/nets.py has PyTorch's twin.
#include <ratio>

#include <tnn/tnn.hpp>

namespace mixed {
using namespace tnn;

using block = Sequential<Conv2d<12, Kernel<3>, Padding<1>, Groups<4>>, Sigmoid,
                         AvgPool2d<Kernel<3, 2>, Stride<2>, Padding<1>>>;
using nested = Sequential<Conv2d<6, Kernel<1, 3>, Padding<0, 1>>, ReLU,
                          Sequential<MaxPool2d<Kernel<3>, Stride<1>, Padding<1>>>>;
using net =
    Sequential<Input<2, 17, 14>,                                            //
               Conv2d<8, Kernel<3, 5>, Stride<2, 1>, Padding<1, 2>>, Tanh,  //  0  8 x 9 x 14
               LocalResponseNorm<Size<5>, Alpha<std::ratio<1, 10>>, K<std::ratio<2>>>,  //  2
               Named<"block", block>,                                   //     12 x 5 x 8
               nested,                                                  //  4  6 x 5 x 8
               AdaptiveAvgPool2d<3, 5>, Flatten, Dropout<Percent<30>>,  //  5  90
               Linear<7>>;                                              //  8
}  // namespace mixed

using mixed_net = mixed::net;
