#pragma once
// SiLU on every backend that has for_each.
#include <tnn/core/math.hpp>
#include <tnn/layers/elementwise.hpp>
#include <tnn/layers/silu/silu.hpp>

namespace tnn {

struct silu_math {
  static constexpr bool reads_x = true;
  /// x s(x), and 0 where x is so far below that s(x) is: not -infinity times 0.
  template <class T>
  TNN_HOST_DEVICE static constexpr T y(T x) {
    const T s = math::sigmoid(x);
    return s == T{0} ? T{0} : x * s;
  }
  template <class T>
  TNN_HOST_DEVICE static constexpr T dx(T dy, T x) {
    const T s = math::sigmoid(x), rest = T{1} - s;
    return dy * (s + (s == T{0} || rest == T{0} ? T{0} : x * s * rest));
  }
};

template <Backend B, class T, class X, class Y>
struct compute<B, T, bound<SiLU, X, Y>> : elementwise_compute<B, T, X, silu_math> {};

}  // namespace tnn
