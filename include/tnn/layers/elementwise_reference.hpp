#pragma once
// The naive loops of a layer that works value by value: a Formula names y(x) and dx(dy, x). Nothing
// of layers/elementwise.hpp, which is checked against these, is shared.
#include <tnn/core/compute.hpp>

namespace tnn::detail {

template <class T, class X, class Formula>
struct elementwise_reference : compute_base {
  static constexpr bool backward_reads_x = true;
  static constexpr void forward(Reference&, const pass<T>& p) {
    for (std::int64_t i = 0; i < p.batch * X::size; ++i) p.y[i] = Formula::y(p.x[i]);
  }
  static constexpr void backward(Reference&, const pass<T>& p) {
    if (p.dx == nullptr) return;
    for (std::int64_t i = 0; i < p.batch * X::size; ++i) p.dx[i] = Formula::dx(p.dy[i], p.x[i]);
  }
};

}  // namespace tnn::detail
