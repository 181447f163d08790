#pragma once
// The sum of two branches on every backend, and the ReLU behind it: in place of the first branch
// where nobody needs that any more, and dy becomes the first's gradient where it lies.
#include <tnn/core/backend.hpp>
#include <tnn/core/compute.hpp>
#include <tnn/core/give.hpp>
#include <tnn/layers/relu/compute.hpp>
#include <tnn/layers/residual/residual.hpp>

namespace tnn {

namespace detail {

/// y = a + b, or the ReLU of that.
template <class T, bool Relu>
struct sum_forward {
  const T* a;
  const T* b;
  T* y;
  TNN_HOST_DEVICE constexpr void operator()(std::int64_t i) const {
    const T sum = a[i] + b[i];
    y[i] = Relu ? relu_math::y(sum) : sum;
  }
};
/// dy goes to a branch, stored or added; of ReLU where y is positive.
template <class T, bool Relu>
struct sum_backward {
  const T* dy;
  const T* y;
  T* to;
  bool adds;
  TNN_HOST_DEVICE constexpr void operator()(std::int64_t i) const {
    give(to[i], Relu ? relu_math::dx(dy[i], y[i]) : dy[i], adds);
  }
};

template <class B, class T, class X, bool Relu>
struct sum_compute : compute_base {
  static constexpr storage output(mode) { return storage::in_place; }
  static constexpr bool backward_reads_y = Relu, can_add = true;

  static constexpr void forward(B& backend, const auto& p) {
    backend.for_each(p.batch * X::size, sum_forward<T, Relu>{p.x, p.other[0], p.y});
  }
  static constexpr void backward(B& backend, const auto& p) {
    const auto put = [&](T* to, bool adds) {
      const bool is_there = !Relu && to == p.dy && !adds;
      if (to != nullptr && !is_there)
        backend.for_each(p.batch * X::size, sum_backward<T, Relu>{p.dy, p.y, to, adds});
    };
    // x first: where both branches are one value, the second adds to what the first stores. If dx
    // is dy's memory, dy is masked by now; masking it again for the other branch gives the same.
    put(p.dx, p.adds);
    put(p.other_gradient[0], p.adds_other[0]);
  }
};

}  // namespace detail

template <Backend B, class T, class X, class Y>
struct compute<B, T, bound<Sum, X, Y>> : detail::sum_compute<B, T, X, false> {};
// Reference does each layer by itself.
template <Backend B, class T, class X, class Y>
requires(!std::is_same_v<B, Reference>) struct compute<B, T, bound<Sum, X, Y>, bound<ReLU, Y, Y>>
    : detail::sum_compute<B, T, X, true> {
};

}  // namespace tnn
