#pragma once
// MaxPool2d on every backend that has for_each. Forward saves where in its plane each maximum was;
// backward gathers: an input adds the gradients of the windows that chose it, in reading order.
#include <tnn/core/backend.hpp>
#include <tnn/core/compute.hpp>
#include <tnn/core/window.hpp>
#include <tnn/layers/maxpool2d/maxpool2d.hpp>

namespace tnn {

template <class W, class T>
struct maxpool2d_forward {
  const T* x;
  T* y;
  std::int32_t* saved;  ///< nullptr in inference
  TNN_HOST_DEVICE constexpr void operator()(std::int64_t i) const {
    constexpr std::int64_t outputs = std::int64_t{W::rows} * W::columns;
    const int within = static_cast<int>(i % outputs);
    const T* plane = x + i / outputs * W::height * W::width;
    const detail::span_of_ints r = W::rows_of(within / W::columns),
                               c = W::columns_of(within % W::columns);
    int best = r.first * W::width + c.first;
    for (int row = r.first; row < r.last; ++row)
      for (int column = c.first; column < c.last; ++column) {
        const int at = row * W::width + column;
        // A NaN is unequal to itself; the first one found stays.
        if (plane[at] > plane[best] || (plane[at] != plane[at] && plane[best] == plane[best]))
          best = at;
      }
    y[i] = plane[best];
    if (saved != nullptr) saved[i] = best;
  }
};

template <class W, class T>
struct maxpool2d_backward {
  const T* dy;
  const std::int32_t* saved;
  T* dx;
  TNN_HOST_DEVICE constexpr void operator()(std::int64_t i) const {
    constexpr std::int64_t inputs = std::int64_t{W::height} * W::width;
    const int within = static_cast<int>(i % inputs);
    const std::int64_t plane = i / inputs * (W::rows * W::columns);
    const T* gradients = dy + plane;
    const std::int32_t* chosen = saved + plane;
    const detail::span_of_ints r = W::rows_over(within / W::width),
                               c = W::columns_over(within % W::width);
    T sum = 0;
    for (int row = r.first; row < r.last; ++row)
      for (int column = c.first; column < c.last; ++column) {
        const int o = row * W::columns + column;
        if (chosen[o] == within) sum += gradients[o];
      }
    dx[i] = sum;
  }
};

template <Backend B, class T, class... O, class X, class Y>
struct compute<B, T, bound<MaxPool2d<O...>, X, Y>> : compute_base {
  using geometry = detail::window<MaxPool2d<O...>, X, Y>;
  static constexpr std::int64_t saved = Y::size;

  static constexpr void forward(B& backend, const pass<T>& p) {
    backend.for_each(p.batch * Y::size, maxpool2d_forward<geometry, T>{p.x, p.y, p.saved});
  }
  static constexpr void backward(B& backend, const pass<T>& p) {
    if (p.dx == nullptr) return;
    backend.for_each(p.batch * X::size, maxpool2d_backward<geometry, T>{p.dy, p.saved, p.dx});
  }
};

}  // namespace tnn
