#pragma once
// Sigmoid by the formula, from x on the way back too.
#include <tnn/core/math.hpp>
#include <tnn/layers/elementwise_reference.hpp>
#include <tnn/layers/sigmoid/sigmoid.hpp>

namespace tnn {

namespace detail {
struct sigmoid_formula {
  template <class T>
  static constexpr T y(T x) {
    return T{1} / (T{1} + math::exp(-x));
  }
  template <class T>
  static constexpr T dx(T dy, T x) {
    // e / (1 + e)^2 with e = exp(-|x|), which cannot overflow; the derivative is even.
    const T e = math::exp(x < 0 ? x : -x);
    return dy * e / ((T{1} + e) * (T{1} + e));
  }
};
}  // namespace detail

template <class T, class X, class Y>
struct compute<Reference, T, bound<Sigmoid, X, Y>>
    : detail::elementwise_reference<T, X, detail::sigmoid_formula> {};

}  // namespace tnn
