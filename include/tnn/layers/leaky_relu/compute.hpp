#pragma once
// LeakyReLU on every backend that has for_each.
#include <tnn/layers/elementwise.hpp>
#include <tnn/layers/leaky_relu/leaky_relu.hpp>

namespace tnn {

template <class Slope>
struct leaky_relu_math {
  static constexpr bool reads_x = true;  // y has another sign where the slope is negative
  template <class T>
  TNN_HOST_DEVICE static constexpr T y(T x) {
    return x > T{0} ? x : ratio_value<Slope, T> * x;
  }
  template <class T>
  TNN_HOST_DEVICE static constexpr T dx(T dy, T x) {
    return x > T{0} ? dy : ratio_value<Slope, T> * dy;
  }
};

template <Backend B, class T, class Slope, class X, class Y>
struct compute<B, T, bound<LeakyReLU<Slope>, X, Y>>
    : elementwise_compute<B, T, X, leaky_relu_math<Slope>> {};

}  // namespace tnn
