#pragma once
// Sigmoid on every backend that has for_each.
#include <tnn/core/math.hpp>
#include <tnn/layers/elementwise.hpp>
#include <tnn/layers/sigmoid/sigmoid.hpp>

namespace tnn {

struct sigmoid_math {
  template <class T>
  TNN_HOST_DEVICE static constexpr T y(T x) {
    return math::sigmoid(x);
  }
  template <class T>
  TNN_HOST_DEVICE static constexpr T dx(T dy, T y) {
    return dy * y * (T{1} - y);
  }
};

template <Backend B, class T, class X, class Y>
struct compute<B, T, bound<Sigmoid, X, Y>> : elementwise_compute<B, T, X, sigmoid_math> {};

}  // namespace tnn
