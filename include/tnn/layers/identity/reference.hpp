#pragma once
// Identity as a copy, value by value.
#include <tnn/core/compute.hpp>
#include <tnn/layers/identity/identity.hpp>

namespace tnn {

template <class T, class X, class Y>
struct compute<Reference, T, bound<Identity, X, Y>> : compute_base {
  static constexpr void forward(Reference&, const pass<T>& p) {
    for (std::int64_t i = 0; i < p.batch * X::size; ++i) p.y[i] = p.x[i];
  }
  static constexpr void backward(Reference&, const pass<T>& p) {
    if (p.dx == nullptr) return;
    for (std::int64_t i = 0; i < p.batch * X::size; ++i) p.dx[i] = p.dy[i];
  }
};

}  // namespace tnn
