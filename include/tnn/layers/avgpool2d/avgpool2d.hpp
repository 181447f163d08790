#pragma once
// AvgPool2d<Kernel<K>, Stride<S>, Padding<P>>: torch.nn.AvgPool2d.
//   y[c,i,j] = sum over u,v of x[c, i*S+u-P, j*S+v-P] / (KH * KW)
// Zeros of the padding count (PyTorch's count_include_pad, its default).
#include <tnn/layers/pool.hpp>

namespace tnn {

template <class... Options>
struct AvgPool2d : detail::pool<Options...> {};

}  // namespace tnn
