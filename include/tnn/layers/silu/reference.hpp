#pragma once
// SiLU by the formula.
#include <tnn/core/math.hpp>
#include <tnn/layers/elementwise_reference.hpp>
#include <tnn/layers/silu/silu.hpp>

namespace tnn {

namespace detail {
struct silu_formula {
  template <class T>
  static constexpr T y(T x) {
    // x / (1 + e^-x); below 0 e^x x / (1 + e^x), where e^-x would be too large.
    const T e = math::exp(x < 0 ? x : -x);
    return x < 0 ? (e == 0 ? T{0} : x * e / (1 + e)) : x / (1 + e);
  }
  template <class T>
  static constexpr T dx(T dy, T x) {
    const T e = math::exp(x < 0 ? x : -x);
    const T s = x < 0 ? e / (1 + e) : 1 / (1 + e);
    // s(x) (1 - s(x)) = e / (1 + e)^2 on both sides of 0.
    return dy * (s + (e == 0 ? T{0} : x * e / ((1 + e) * (1 + e))));
  }
};
}  // namespace detail

template <class T, class X, class Y>
struct compute<Reference, T, bound<SiLU, X, Y>>
    : detail::elementwise_reference<T, X, detail::silu_formula> {};

}  // namespace tnn
