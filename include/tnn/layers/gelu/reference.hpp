#pragma once
// GELU by the formula.
#include <tnn/core/math.hpp>
#include <tnn/layers/elementwise_reference.hpp>
#include <tnn/layers/gelu/gelu.hpp>

namespace tnn {

namespace detail {
struct gelu_formula {
  template <class T>
  static constexpr T y(T x) {
    // Below -10 a float and a double hold 1 + erf for 0.
    return x < -10 ? T{0} : x / 2 * (1 + math::erf(x / math::sqrt(T{2})));
  }
  template <class T>
  static constexpr T dx(T dy, T x) {
    constexpr T pi = T(3.14159265358979324);
    if (x < -40 || x > 40) return x < 0 ? T{0} : dy;  // exp(-x^2 / 2) is 0
    return dy * ((1 + math::erf(x / math::sqrt(T{2}))) / 2 +
                 x * math::exp(-x * x / 2) / math::sqrt(2 * pi));
  }
};
}  // namespace detail

template <class T, class X, class Y>
struct compute<Reference, T, bound<GELU, X, Y>>
    : detail::elementwise_reference<T, X, detail::gelu_formula> {};

}  // namespace tnn
