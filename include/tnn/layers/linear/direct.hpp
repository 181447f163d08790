#pragma once
// Linear as functors over for_each, for backends without a product of their own: an output, a
// weight or an input a call, each adding up its terms in one order.
#include <tnn/layers/direct.hpp>
#include <tnn/layers/linear/linear.hpp>

namespace tnn {

template <std::int64_t In, std::int64_t Out, class T>
struct linear_direct {
  struct forward {
    const T* x;
    const T* weight;
    const T* bias;
    T* y;
    TNN_HOST_DEVICE constexpr void operator()(std::int64_t at) const {
      const std::int64_t n = at / Out, o = at % Out;
      T sum = detail::bias_of(bias, o);
      for (std::int64_t i = 0; i < In; ++i) sum += weight[o * In + i] * x[n * In + i];
      y[at] = sum;
    }
  };
  struct weight_gradient {
    const T* x;
    const T* dy;
    T* dweight;
    int batch;
    TNN_HOST_DEVICE constexpr void operator()(std::int64_t at) const {
      const std::int64_t o = at / In, i = at % In;
      T sum = 0;
      for (int n = 0; n < batch; ++n) sum += dy[n * Out + o] * x[n * In + i];
      dweight[at] = sum;
    }
  };
  struct data_gradient {
    const T* dy;
    const T* weight;
    T* dx;
    TNN_HOST_DEVICE constexpr void operator()(std::int64_t at) const {
      const std::int64_t n = at / In, i = at % In;
      T sum = 0;
      for (std::int64_t o = 0; o < Out; ++o) sum += weight[o * In + i] * dy[n * Out + o];
      dx[at] = sum;
    }
  };
};

template <direct_backend B, class T, int Out, class... O, class X, class Y>
struct compute<B, T, bound<Linear<Out, O...>, X, Y>>
    : direct_compute<B, T, bound<Linear<Out, O...>, X, Y>, linear_direct<X::size, Out, T>> {};

}  // namespace tnn
