#pragma once
// The gate by the formula. dx = dy * g, and dg adds up dy * x where the gate's value was taken.
#include <tnn/core/compute.hpp>
#include <tnn/layers/gate/broadcast.hpp>
#include <tnn/layers/gate/gate.hpp>

namespace tnn {

template <class T, class X, class G, class Y>
struct compute<Reference, T, bound<Gating<X>, G, Y>> : compute_base {
  using pass = tnn::pass<T, bound<Gating<X>, G, Y>>;
  using index = detail::broadcast<G, X>;
  static constexpr bool backward_reads_x = true;
  static constexpr bool backward_reads_others = true;

  static constexpr void forward(Reference&, const pass& p) {
    for (int n = 0; n < p.batch; ++n)
      for (std::int64_t i = 0; i < X::size; ++i)
        p.y[n * X::size + i] = p.x[n * G::size + index::gate_of(i)] * p.other[0][n * X::size + i];
  }
  static constexpr void backward(Reference&, const pass& p) {
    for (std::int64_t i = 0; p.dx != nullptr && i < p.batch * G::size; ++i) p.dx[i] = 0;
    for (int n = 0; n < p.batch; ++n)
      for (std::int64_t i = 0; i < X::size; ++i) {
        const std::int64_t at = n * X::size + i, gate = n * G::size + index::gate_of(i);
        if (p.dx != nullptr) p.dx[gate] += p.dy[at] * p.other[0][at];
        if (p.other_gradient[0] != nullptr) p.other_gradient[0][at] = p.dy[at] * p.x[gate];
      }
  }
};

}  // namespace tnn
