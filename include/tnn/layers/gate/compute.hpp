#pragma once
// The gate on every backend. A value of the gate's gradient is added up by one call, in order.
#include <tnn/core/backend.hpp>
#include <tnn/core/compute.hpp>
#include <tnn/core/give.hpp>
#include <tnn/layers/gate/broadcast.hpp>
#include <tnn/layers/gate/gate.hpp>

namespace tnn {

namespace detail {

/// y = g * x on the way forward, dx = g * dy on the way back.
template <class T, class G, class X>
struct gate_times {
  static constexpr std::int64_t gates = G::size, values = X::size;
  const T* gate;
  const T* from;
  T* to;
  bool adds;
  TNN_HOST_DEVICE constexpr void operator()(std::int64_t i) const {
    const T g = gate[i / values * gates + broadcast<G, X>::gate_of(i % values)];
    give(to[i], g * from[i], adds);
  }
};
/// dg = the sum of dy * x
template <class T, class G, class X>
struct gate_gradient {
  static constexpr std::int64_t gates = G::size, values = X::size;
  const T* x;
  const T* dy;
  T* dgate;
  bool adds;
  TNN_HOST_DEVICE constexpr void operator()(std::int64_t g) const {
    const std::int64_t sample = g / gates * values;
    T sum = 0;
    for (std::int64_t r = 0; r < broadcast<G, X>::reach; ++r) {
      const std::int64_t i = sample + broadcast<G, X>::x_of(g % gates, r);
      sum += dy[i] * x[i];
    }
    give(dgate[g], sum, adds);
  }
};

}  // namespace detail

/// p.x is the gate, since the branch comes first; p.other[0] is what is gated.
template <Backend B, class T, class X, class G, class Y>
struct compute<B, T, bound<Gating<X>, G, Y>> : compute_base {
  using pass = tnn::pass<T, bound<Gating<X>, G, Y>>;
  static constexpr bool backward_reads_x = true;
  static constexpr bool backward_reads_others = true;
  static constexpr bool can_add = true;

  static constexpr void forward(B& backend, const pass& p) {
    backend.for_each(p.batch * X::size, detail::gate_times<T, G, X>{p.x, p.other[0], p.y, false});
  }
  static constexpr void backward(B& backend, const pass& p) {
    if (p.dx != nullptr)
      backend.for_each(p.batch * G::size,
                       detail::gate_gradient<T, G, X>{p.other[0], p.dy, p.dx, p.adds});
    if (p.other_gradient[0] != nullptr)
      backend.for_each(p.batch * X::size, detail::gate_times<T, G, X>{
                                              p.x, p.dy, p.other_gradient[0], p.adds_other[0]});
  }
};

}  // namespace tnn
