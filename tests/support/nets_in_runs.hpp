#pragma once
// Networks whose layers a backend does together, in runs, for every backend.
#include <tnn/tnn.hpp>

namespace runs {

using namespace tnn;

using pool = MaxPool2d<Kernel<3>, Stride<2>>;
template <int F>
using conv3 = Conv2d<F, Kernel<3>, Padding<1>>;

// By Winograd on Cpu where 16 channels come in; the first of few channels, the last of many.
using by_winograd = Sequential<Input<2, 11, 9>, conv3<18>, ReLU, conv3<20>, ReLU, pool,
                               Conv2d<24, Kernel<3>, Padding<2>>, ReLU, Flatten, Linear<5>>;
using in_groups =
    Sequential<Input<34, 10, 13>, Conv2d<40, Kernel<5>, Padding<2>, Groups<2>>, ReLU,
               MaxPool2d<Kernel<3, 2>, Stride<2, 3>, Padding<1, 0>>, Conv2d<36, Kernel<1>>, ReLU,
               Conv2d<34, Kernel<3>, Groups<2>, Padding<1>>, ReLU, Flatten, Linear<3>>;
// Of few channels: in front, and where a gradient goes on; pools that overlap, padded.
using narrow = Sequential<Input<1, 31, 29>, Conv2d<33, Kernel<11>, Stride<4>, Padding<1>>, ReLU,
                          pool, Flatten, Linear<4>>;
using narrow_within = Sequential<Input<3, 12, 15>, Conv2d<5, Kernel<2>>, ReLU,
                                 Conv2d<40, Kernel<5, 7>, Stride<1, 2>, Padding<3, 2>>, ReLU,
                                 MaxPool2d<Kernel<3>, Stride<1>, Padding<1>>,
                                 Conv2d<34, Kernel<3, 5>, Padding<0, 4>>, ReLU, Flatten, Linear<4>>;
using narrow_alone = Sequential<Input<4, 9, 8>, Conv2d<3, Kernel<3>>,
                                Conv2d<35, Kernel<5>, Padding<2>>, Tanh, Flatten, Linear<4>>;
// By the formula; a step that ends the network; what ReLU follows is another layer.
using formula =
    Sequential<Input<3, 9, 11>, Conv2d<4, Kernel<3>, Stride<2, 1>>, ReLU,
               MaxPool2d<Kernel<2>, Stride<1>>, ReLU, Conv2d<6, Kernel<2>, Groups<2>>, ReLU,
               AvgPool2d<Kernel<2>>, ReLU, Flatten, Linear<9>, ReLU, Linear<6>, ReLU>;
// Layers without a bias in each of these ways, and with holes in the kernel.
using unbiased =
    Sequential<Input<2, 13, 11>, Conv2d<33, Kernel<5>, Padding<3, 4>, Dilation<1, 2>, NoBias>, ReLU,
               pool, Conv2d<18, Kernel<3>, Padding<1>, NoBias>, ReLU, MaxPool2d<Kernel<2>>,
               Conv2d<7, Kernel<2>, Dilation<2, 1>, NoBias>, ReLU, Flatten, Linear<9, NoBias>, ReLU,
               Linear<8, NoBias>, ReLU, Dropout<Percent<40>>, Linear<6, NoBias>>;
using dropped = Sequential<Input<13>, Linear<19>, ReLU, Dropout<Percent<40>>, Linear<9>, ReLU,
                           Dropout<Percent<40>>, Linear<6>, Dropout<Percent<40>>>;

}  // namespace runs
