#pragma once
// GELU on every backend that has for_each.
#include <tnn/core/math.hpp>
#include <tnn/layers/elementwise.hpp>
#include <tnn/layers/gelu/gelu.hpp>

namespace tnn {

struct gelu_math {
  static constexpr bool reads_x = true;
  /// x P(x), and 0 where x is so far below that P(x) is: not -infinity times 0.
  template <class T>
  TNN_HOST_DEVICE static constexpr T y(T x) {
    const T p = distribution(x);
    return p == T{0} ? T{0} : x * p;
  }
  // Inlined for the same reason as elementwise_backward.
  template <class T>
  [[gnu::always_inline]] TNN_HOST_DEVICE static constexpr T dx(T dy, T x) {
    const T density = T(0.39894228040143268) * math::exp(x * x / T{-2});
    return dy * (distribution(x) + (density == T{0} ? T{0} : x * density));
  }

 private:
  template <class T>
  TNN_HOST_DEVICE static constexpr T distribution(T x) {
    return (T{1} + math::erf(x * T(0.70710678118654752))) / T{2};
  }
};

template <Backend B, class T, class X, class Y>
struct compute<B, T, bound<GELU, X, Y>> : elementwise_compute<B, T, X, gelu_math> {};

}  // namespace tnn
