#pragma once
// BatchNorms, none right behind a layer whose bias it would undo: tests/fixtures/nets.py has
// PyTorch's twin.
#include <ratio>

#include <tnn/tnn.hpp>

namespace norms {
using namespace tnn;

using block = Sequential<Conv2d<12, Kernel<3>, Stride<2>>, LeakyReLU<std::ratio<1, 8>>,
                         BatchNorm2d<Momentum<std::ratio<1, 4>>, Eps<std::ratio<1, 1024>>>>;
using net = Sequential<Input<2, 11, 9>,                                        //
                       Conv2d<8, Kernel<3>, Padding<1>>, SiLU, BatchNorm2d<>,  //  0  8 x 11 x 9
                       Named<"block", block>,                                  //     12 x 5 x 4
                       Identity, Flatten, Linear<9>, LeakyReLU<>,              //  4  9
                       Named<"norm", BatchNorm1d<>>,                           //
                       Linear<7>>;                                             //  9
}  // namespace norms

using norm_net = norms::net;
