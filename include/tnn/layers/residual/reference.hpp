#pragma once
// The sum of two branches by the formula: dy goes to both.
#include <tnn/core/compute.hpp>
#include <tnn/layers/residual/residual.hpp>

namespace tnn {

template <class T, class X, class Y>
struct compute<Reference, T, bound<Sum, X, Y>> : compute_base {
  using pass = tnn::pass<T, bound<Sum, X, Y>>;
  static constexpr void forward(Reference&, const pass& p) {
    for (std::int64_t i = 0; i < p.batch * X::size; ++i) p.y[i] = p.x[i] + p.other[0][i];
  }
  static constexpr void backward(Reference&, const pass& p) {
    for (std::int64_t i = 0; i < p.batch * X::size; ++i) {
      if (p.dx != nullptr) p.dx[i] = p.dy[i];
      if (p.other_gradient[0] != nullptr) p.other_gradient[0][i] = p.dy[i];
    }
  }
};

}  // namespace tnn
