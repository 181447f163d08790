#pragma once
// Sigmoid by the formula, from x on the way back too.
#include <tnn/core/compute.hpp>
#include <tnn/core/math.hpp>
#include <tnn/layers/sigmoid/sigmoid.hpp>

namespace tnn {

template <class T, class X, class Y>
struct compute<Reference, T, bound<Sigmoid, X, Y>> : compute_base {
  static constexpr bool backward_reads_x = true;
  static constexpr void forward(Reference&, const pass<T>& p) {
    for (std::int64_t i = 0; i < p.batch * X::size; ++i)
      p.y[i] = T{1} / (T{1} + math::exp(-p.x[i]));
  }
  static constexpr void backward(Reference&, const pass<T>& p) {
    if (p.dx == nullptr) return;
    for (std::int64_t i = 0; i < p.batch * X::size; ++i) {
      // e / (1 + e)^2 with e = exp(-|x|), which cannot overflow; the derivative is even.
      const T e = math::exp(p.x[i] < 0 ? p.x[i] : -p.x[i]);
      p.dx[i] = p.dy[i] * e / ((T{1} + e) * (T{1} + e));
    }
  }
};

}  // namespace tnn
