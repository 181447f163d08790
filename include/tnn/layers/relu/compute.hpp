#pragma once
// ReLU on every backend that has for_each.
#include <tnn/layers/elementwise.hpp>
#include <tnn/layers/relu/relu.hpp>

namespace tnn {

struct relu_math {
  template <class T>
  TNN_HOST_DEVICE static constexpr T y(T x) {
    return x < T{0} ? T{0} : x;
  }
  template <class T>
  TNN_HOST_DEVICE static constexpr T dx(T dy, T y) {
    return y > T{0} ? dy : T{0};
  }
};

template <Backend B, class T, class X, class Y>
struct compute<B, T, bound<ReLU, X, Y>> : elementwise_compute<B, T, X, relu_math> {};

}  // namespace tnn
