#pragma once
// MaxPool2d on every backend that has for_each. Forward saves where in its window each maximum was,
// a byte an output (four in windows of more than 256); backward gathers: an input adds the
// gradients of the windows that chose it, in reading order.
#include <tnn/core/backend.hpp>
#include <tnn/core/compute.hpp>
#include <tnn/layers/maxpool2d/maxpool2d.hpp>
#include <tnn/layers/window.hpp>

namespace tnn {

namespace detail {

/// A place in a window W, row by row from the first that is inside the image.
template <class W>
using window_place = std::conditional_t<W::kh * W::kw <= 256, std::uint8_t, std::int32_t>;

}  // namespace detail

template <class W, class T>
struct maxpool2d_forward {
  const T* x;
  T* y;
  detail::window_place<W>* saved;  ///< nullptr in inference
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
    if (saved != nullptr)
      saved[i] = static_cast<detail::window_place<W>>((best / W::width - r.first) * W::kw +
                                                      best % W::width - c.first);
  }
};

template <class W, class T>
struct maxpool2d_backward {
  const T* dy;
  const detail::window_place<W>* saved;
  T* dx;
  TNN_HOST_DEVICE constexpr void operator()(std::int64_t i) const {
    constexpr std::int64_t inputs = std::int64_t{W::height} * W::width;
    const int within = static_cast<int>(i % inputs);
    const std::int64_t plane = i / inputs * (W::rows * W::columns);
    const T* gradients = dy + plane;
    const detail::window_place<W>* chosen = saved + plane;
    const int x_row = within / W::width, x_column = within % W::width;
    const detail::span_of_ints r = W::rows_over(x_row), c = W::columns_over(x_column);
    T sum = 0;
    for (int row = r.first; row < r.last; ++row)
      for (int column = c.first; column < c.last; ++column) {
        const int o = row * W::columns + column;
        const int place =
            (x_row - W::rows_of(row).first) * W::kw + x_column - W::columns_of(column).first;
        if (chosen[o] == place) sum += gradients[o];
      }
    dx[i] = sum;
  }
};

template <Backend B, class T, class... O, class X, class Y>
struct compute<B, T, bound<MaxPool2d<O...>, X, Y>> : compute_base {
  using geometry = detail::window<MaxPool2d<O...>, X, Y>;
  using place = detail::window_place<geometry>;
  static constexpr std::int64_t saved = Y::size * std::int64_t{sizeof(place)};

  static constexpr void forward(B& backend, const pass<T>& p) {
    backend.for_each(p.batch * Y::size,
                     maxpool2d_forward<geometry, T>{p.x, p.y, p.template saved_as<place>()});
  }
  static constexpr void backward(B& backend, const pass<T>& p) {
    if (p.dx == nullptr) return;
    backend.for_each(p.batch * X::size,
                     maxpool2d_backward<geometry, T>{p.dy, p.template saved_as<place>(), p.dx});
  }
};

}  // namespace tnn
