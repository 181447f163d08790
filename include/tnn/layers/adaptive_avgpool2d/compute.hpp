#pragma once
// AdaptiveAvgPool2d on every backend that has for_each; backward gathers.
#include <tnn/core/backend.hpp>
#include <tnn/core/compute.hpp>
#include <tnn/core/integers.hpp>
#include <tnn/layers/adaptive_avgpool2d/adaptive_avgpool2d.hpp>
#include <tnn/layers/window.hpp>

namespace tnn {

/// Rows (or columns) of one axis: Inputs of them become Outputs.
template <int Inputs, int Outputs>
struct adaptive_axis {
  static constexpr std::int64_t in = Inputs, out = Outputs;
  TNN_HOST_DEVICE static constexpr detail::span_of_ints of(int i) {
    return {static_cast<int>(i * in / out), static_cast<int>(detail::ceil_div((i + 1) * in, out))};
  }
  /// The windows that cover r: the first whose end lies past it to the last that starts before.
  TNN_HOST_DEVICE static constexpr detail::span_of_ints over(int r) {
    return {static_cast<int>(r * out / in), static_cast<int>(detail::ceil_div((r + 1) * out, in))};
  }
};

template <class Rows, class Columns, class T>
struct adaptive_avgpool2d_forward {
  const T* x;
  T* y;
  TNN_HOST_DEVICE constexpr void operator()(std::int64_t i) const {
    const int within = static_cast<int>(i % (Rows::out * Columns::out));
    const T* plane = x + i / (Rows::out * Columns::out) * Rows::in * Columns::in;
    const detail::span_of_ints r = Rows::of(within / static_cast<int>(Columns::out));
    const detail::span_of_ints c = Columns::of(within % static_cast<int>(Columns::out));
    T sum = 0;
    for (int row = r.first; row < r.last; ++row)
      for (int column = c.first; column < c.last; ++column)
        sum += plane[row * Columns::in + column];
    y[i] = sum / static_cast<T>((r.last - r.first) * (c.last - c.first));
  }
};

template <class Rows, class Columns, class T>
struct adaptive_avgpool2d_backward {
  const T* dy;
  T* dx;
  TNN_HOST_DEVICE constexpr void operator()(std::int64_t i) const {
    const int within = static_cast<int>(i % (Rows::in * Columns::in));
    const T* plane = dy + i / (Rows::in * Columns::in) * Rows::out * Columns::out;
    const detail::span_of_ints r = Rows::over(within / static_cast<int>(Columns::in));
    const detail::span_of_ints c = Columns::over(within % static_cast<int>(Columns::in));
    T sum = 0;
    for (int row = r.first; row < r.last; ++row)
      for (int column = c.first; column < c.last; ++column) {
        const detail::span_of_ints height = Rows::of(row), width = Columns::of(column);
        sum += plane[row * Columns::out + column] /
               static_cast<T>((height.last - height.first) * (width.last - width.first));
      }
    dx[i] = sum;
  }
};

template <Backend B, class T, int H, int W, class X, class Y>
struct compute<B, T, bound<AdaptiveAvgPool2d<H, W>, X, Y>> : compute_base {
  using rows = adaptive_axis<X::extent(1), H>;
  using columns = adaptive_axis<X::extent(2), W>;

  static constexpr void forward(B& backend, const pass<T>& p) {
    backend.for_each(p.batch * Y::size, adaptive_avgpool2d_forward<rows, columns, T>{p.x, p.y});
  }
  static constexpr void backward(B& backend, const pass<T>& p) {
    if (p.dx == nullptr) return;
    backend.for_each(p.batch * X::size, adaptive_avgpool2d_backward<rows, columns, T>{p.dy, p.dx});
  }
};

}  // namespace tnn
