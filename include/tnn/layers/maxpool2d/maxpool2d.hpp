#pragma once
// MaxPool2d<Kernel<K>, Stride<S>, Padding<P>>: torch.nn.MaxPool2d.
//   y[c,i,j] = max over u,v of x[c, i*S+u-P, j*S+v-P]
// Places outside x never win; of equal values the first in reading order does; a NaN wins.
#include <tnn/layers/pool.hpp>

namespace tnn {

template <class... Options>
struct MaxPool2d : detail::pool<Options...> {};

}  // namespace tnn
