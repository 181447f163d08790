#pragma once
// ReLU, Sigmoid and their like on any backend: a Math names y(x) and dx(dy, y), or dx(dy, x), or
// dx(dy, x, y). Those that ask for y alone may work in place.
#include <tnn/core/backend.hpp>
#include <tnn/core/compute.hpp>
#include <tnn/core/host_device.hpp>

namespace tnn {

template <class Math, class T>
struct elementwise_forward {
  const T* x;
  T* y;
  TNN_HOST_DEVICE constexpr void operator()(std::int64_t i) const { y[i] = Math::y(x[i]); }
};

namespace detail {
/// What a Math's dx wants to know besides dy: y, unless it says reads_x; both where it says so.
template <class Math>
inline constexpr bool math_reads_x = requires {
  requires Math::reads_x;
};
template <class Math>
inline constexpr bool math_reads_y = !math_reads_x<Math> || requires {
  requires Math::reads_y;
};
}  // namespace detail

template <class Math, class T>
struct elementwise_backward {
  const T* x;
  const T* y;
  const T* dy;
  T* dx;
  // Inlined whatever its size: no compiler vectorizes a loop that calls.
  [[gnu::always_inline]] TNN_HOST_DEVICE constexpr void operator()(std::int64_t i) const {
    if constexpr (detail::math_reads_x<Math> && detail::math_reads_y<Math>) {
      dx[i] = Math::dx(dy[i], x[i], y[i]);
    } else {
      dx[i] = Math::dx(dy[i], detail::math_reads_x<Math> ? x[i] : y[i]);
    }
  }
};

template <class B, class T, class X, class Math>
struct elementwise_compute : compute_base {
  static constexpr storage output(mode) { return storage::in_place; }
  static constexpr bool backward_reads_x = detail::math_reads_x<Math>;
  static constexpr bool backward_reads_y = detail::math_reads_y<Math>;

  static constexpr void forward(B& backend, const pass<T>& p) {
    backend.for_each(p.batch * X::size, elementwise_forward<Math, T>{p.x, p.y});
  }
  static constexpr void backward(B& backend, const pass<T>& p) {
    if (p.dx == nullptr) return;
    backend.for_each(p.batch * X::size, elementwise_backward<Math, T>{p.x, p.y, p.dy, p.dx});
  }
};

}  // namespace tnn
