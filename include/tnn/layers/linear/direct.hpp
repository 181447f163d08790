#pragma once
// Linear as functors over for_each, for backends without a product of their own: an output, a
// weight or an input a call, each adding up its terms in one order.
#include <tnn/core/backend.hpp>
#include <tnn/core/compute.hpp>
#include <tnn/core/host_device.hpp>
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
      T sum = bias[o];
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
  struct bias_gradient {
    const T* dy;
    T* dbias;
    int batch;
    TNN_HOST_DEVICE constexpr void operator()(std::int64_t o) const {
      T sum = 0;
      for (int n = 0; n < batch; ++n) sum += dy[n * Out + o];
      dbias[o] = sum;
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
struct compute<B, T, bound<Linear<Out, O...>, X, Y>> : compute_base {
  using direct = linear_direct<X::size, Y::size, T>;
  static constexpr bool backward_reads_x = true;

  static constexpr void forward(B& backend, const pass<T>& p) {
    backend.for_each(p.batch * Y::size, typename direct::forward{p.x, p.weight, p.bias, p.y});
  }
  static constexpr void backward(B& backend, const pass<T>& p) {
    backend.for_each(X::size * Y::size,
                     typename direct::weight_gradient{p.x, p.dy, p.dweight, p.batch});
    backend.for_each(Y::size, typename direct::bias_gradient{p.dy, p.dbias, p.batch});
    if (p.dx != nullptr)
      backend.for_each(p.batch * X::size, typename direct::data_gradient{p.dy, p.weight, p.dx});
  }
};

}  // namespace tnn
