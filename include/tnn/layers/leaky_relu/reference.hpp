#pragma once
// LeakyReLU by the formula.
#include <tnn/layers/elementwise_reference.hpp>
#include <tnn/layers/leaky_relu/leaky_relu.hpp>

namespace tnn {

namespace detail {
template <class Slope>
struct leaky_relu_formula {
  template <class T>
  static constexpr T y(T x) {
    return x > 0 ? x : ratio_value<Slope, T> * x;
  }
  template <class T>
  static constexpr T dx(T dy, T x) {
    return x > 0 ? dy : ratio_value<Slope, T> * dy;
  }
};
}  // namespace detail

template <class T, class Slope, class X, class Y>
struct compute<Reference, T, bound<LeakyReLU<Slope>, X, Y>>
    : detail::elementwise_reference<T, X, detail::leaky_relu_formula<Slope>> {};

}  // namespace tnn
