#pragma once
// ReLU by the formula. It keeps its input and asks x, not y, on the way back: an oracle shares no
// shortcut with what it checks.
#include <tnn/core/compute.hpp>
#include <tnn/layers/relu/relu.hpp>

namespace tnn {

template <class T, class X, class Y>
struct compute<Reference, T, bound<ReLU, X, Y>> : compute_base {
  static constexpr bool backward_reads_x = true;
  static constexpr void forward(Reference&, const pass<T>& p) {
    for (std::int64_t i = 0; i < p.batch * X::size; ++i) {
      if (p.x[i] > 0 || p.x[i] != p.x[i]) {
        p.y[i] = p.x[i];
      } else {
        p.y[i] = 0;
      }
    }
  }
  static constexpr void backward(Reference&, const pass<T>& p) {
    if (p.dx == nullptr) return;
    for (std::int64_t i = 0; i < p.batch * X::size; ++i) p.dx[i] = p.x[i] > 0 ? p.dy[i] : T{0};
  }
};

}  // namespace tnn
