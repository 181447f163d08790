#pragma once
// Tanh on every backend that has for_each.
#include <tnn/core/math.hpp>
#include <tnn/layers/elementwise.hpp>
#include <tnn/layers/tanh/tanh.hpp>

namespace tnn {

struct tanh_math {
  template <class T>
  TNN_HOST_DEVICE static constexpr T y(T x) {
    return math::tanh(x);
  }
  template <class T>
  TNN_HOST_DEVICE static constexpr T dx(T dy, T y) {
    return dy * (T{1} - y * y);
  }
};

template <Backend B, class T, class X, class Y>
struct compute<B, T, bound<Tanh, X, Y>> : elementwise_compute<B, T, X, tanh_math> {};

}  // namespace tnn
