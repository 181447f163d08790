#pragma once
// ReLU, Sigmoid and Tanh on any backend: a Math names y(x) and dx(dy, y), and works in place.
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

template <class Math, class T>
struct elementwise_backward {
  const T* y;
  const T* dy;
  T* dx;
  TNN_HOST_DEVICE constexpr void operator()(std::int64_t i) const { dx[i] = Math::dx(dy[i], y[i]); }
};

template <class B, class T, class X, class Math>
struct elementwise_compute : compute_base {
  static constexpr storage output(mode) { return storage::in_place; }
  static constexpr bool backward_reads_y = true;

  static constexpr void forward(B& backend, const pass<T>& p) {
    backend.for_each(p.batch * X::size, elementwise_forward<Math, T>{p.x, p.y});
  }
  static constexpr void backward(B& backend, const pass<T>& p) {
    if (p.dx == nullptr) return;
    backend.for_each(p.batch * X::size, elementwise_backward<Math, T>{p.y, p.dy, p.dx});
  }
};

}  // namespace tnn
