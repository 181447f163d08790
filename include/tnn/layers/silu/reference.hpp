#pragma once
// SiLU by the formula.
#include <tnn/core/compute.hpp>
#include <tnn/core/math.hpp>
#include <tnn/layers/silu/silu.hpp>

namespace tnn {

template <class T, class X, class Y>
struct compute<Reference, T, bound<SiLU, X, Y>> : compute_base {
  static constexpr bool backward_reads_x = true;
  static constexpr void forward(Reference&, const pass<T>& p) {
    for (std::int64_t i = 0; i < p.batch * X::size; ++i) {
      const T x = p.x[i];
      // x / (1 + e^-x); below 0 e^x x / (1 + e^x), where e^-x would be too large.
      const T e = math::exp(x < 0 ? x : -x);
      p.y[i] = x < 0 ? (e == 0 ? T{0} : x * e / (1 + e)) : x / (1 + e);
    }
  }
  static constexpr void backward(Reference&, const pass<T>& p) {
    if (p.dx == nullptr) return;
    for (std::int64_t i = 0; i < p.batch * X::size; ++i) {
      const T x = p.x[i], e = math::exp(x < 0 ? x : -x);
      const T s = x < 0 ? e / (1 + e) : 1 / (1 + e);
      // s(x) (1 - s(x)) = e / (1 + e)^2 on both sides of 0.
      p.dx[i] = p.dy[i] * (s + (e == 0 ? T{0} : x * e / ((1 + e) * (1 + e))));
    }
  }
};

}  // namespace tnn
