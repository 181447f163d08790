#pragma once
// AvgPool2d on every backend that has for_each; backward gathers, as MaxPool2d's does.
#include <tnn/core/backend.hpp>
#include <tnn/core/compute.hpp>
#include <tnn/layers/avgpool2d/avgpool2d.hpp>
#include <tnn/layers/window.hpp>

namespace tnn {

template <class W, class T>
struct avgpool2d_forward {
  const T* x;
  T* y;
  TNN_HOST_DEVICE constexpr void operator()(std::int64_t i) const {
    constexpr std::int64_t outputs = std::int64_t{W::rows} * W::columns;
    const int within = static_cast<int>(i % outputs);
    const T* plane = x + i / outputs * W::height * W::width;
    const detail::span_of_ints r = W::rows_of(within / W::columns),
                               c = W::columns_of(within % W::columns);
    T sum = 0;
    for (int row = r.first; row < r.last; ++row)
      for (int column = c.first; column < c.last; ++column) sum += plane[row * W::width + column];
    y[i] = sum / static_cast<T>(std::int64_t{W::kh} * W::kw);
  }
};

template <class W, class T>
struct avgpool2d_backward {
  const T* dy;
  T* dx;
  TNN_HOST_DEVICE constexpr void operator()(std::int64_t i) const {
    constexpr std::int64_t inputs = std::int64_t{W::height} * W::width;
    const int within = static_cast<int>(i % inputs);
    const T* plane = dy + i / inputs * W::rows * W::columns;
    const detail::span_of_ints r = W::rows_over(within / W::width),
                               c = W::columns_over(within % W::width);
    T sum = 0;
    for (int row = r.first; row < r.last; ++row)
      for (int column = c.first; column < c.last; ++column) sum += plane[row * W::columns + column];
    dx[i] = sum / static_cast<T>(std::int64_t{W::kh} * W::kw);
  }
};

template <Backend B, class T, class... O, class X, class Y>
struct compute<B, T, bound<AvgPool2d<O...>, X, Y>> : compute_base {
  using geometry = detail::window<AvgPool2d<O...>, X, Y>;

  static constexpr void forward(B& backend, const pass<T>& p) {
    backend.for_each(p.batch * Y::size, avgpool2d_forward<geometry, T>{p.x, p.y});
  }
  static constexpr void backward(B& backend, const pass<T>& p) {
    if (p.dx == nullptr) return;
    backend.for_each(p.batch * X::size, avgpool2d_backward<geometry, T>{p.dy, p.dx});
  }
};

}  // namespace tnn
