#pragma once
// The networks that the program is built with. How many classes a network tells apart is in its
// type: of grey images the ten of Fashion-MNIST; of colour images ten, a thousand (ImageNet's) and
// as many as the build was given (-DALEXNET_CLASSES=17).
#include <tnn/alexnet.hpp>

#ifndef ALEXNET_CLASSES
#define ALEXNET_CLASSES 10
#endif

namespace program {

using GreyNet = tnn::AlexNet<>;
template <int Classes>
using ColourNet = tnn::AlexNet<Classes, 3>;

/// f.template operator()<Net>() for each network of colour images.
template <class F>
void each_colour_net(F f) {
  f.template operator()<ColourNet<10>>();
  f.template operator()<ColourNet<1000>>();
  if constexpr (ALEXNET_CLASSES != 10 && ALEXNET_CLASSES != 1000)
    f.template operator()<ColourNet<ALEXNET_CLASSES>>();
}

}  // namespace program
