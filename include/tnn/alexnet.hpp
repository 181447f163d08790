#pragma once
// AlexNet as d2l.ai teaches it for 224 x 224 images; the 2012 and torchvision nets are close kin.
#include <tnn/tnn.hpp>

namespace tnn {

// [AlexNet]
template <int Classes = 10, int Channels = 1>
using AlexNet = Sequential<                               //     channels x height x width
    Input<Channels, 224, 224>,                            //
    Conv2d<96, Kernel<11>, Stride<4>, Padding<1>>, ReLU,  //  0  96 x 54 x 54
    MaxPool2d<Kernel<3>, Stride<2>>,                      //  2  96 x 26 x 26
    Conv2d<256, Kernel<5>, Padding<2>>, ReLU,             //  3  256 x 26 x 26
    MaxPool2d<Kernel<3>, Stride<2>>,                      //  5  256 x 12 x 12
    Conv2d<384, Kernel<3>, Padding<1>>, ReLU,             //  6  384 x 12 x 12
    Conv2d<384, Kernel<3>, Padding<1>>, ReLU,             //  8  384 x 12 x 12
    Conv2d<256, Kernel<3>, Padding<1>>, ReLU,             // 10  256 x 12 x 12
    MaxPool2d<Kernel<3>, Stride<2>>,                      // 12  256 x 5 x 5
    Flatten,                                              // 13  6400
    Linear<4096>, ReLU, Dropout<Percent<50>>,             // 14  4096
    Linear<4096>, ReLU, Dropout<Percent<50>>,             // 17  4096
    Linear<Classes>>;                                     // 20  one logit a class
// [/AlexNet]

}  // namespace tnn
