#pragma once
// Concatenation on any backend: a branch's values are copied to their place in each sample, and
// their gradients from there.
#include <tnn/core/backend.hpp>
#include <tnn/core/compute.hpp>
#include <tnn/core/give.hpp>
#include <tnn/layers/concat/concat.hpp>

namespace tnn {

namespace detail {

/// The values of one branch to their place in the whole.
template <class T>
struct concat_forward {
  const T* from;
  T* y;
  std::int64_t size, whole, begin;
  TNN_HOST_DEVICE constexpr void operator()(std::int64_t i) const {
    y[i / size * whole + begin + i % size] = from[i];
  }
};
/// The gradients of one branch from there.
template <class T>
struct concat_backward {
  const T* dy;
  T* to;
  std::int64_t size, whole, begin;
  bool adds;
  TNN_HOST_DEVICE constexpr void operator()(std::int64_t i) const {
    give(to[i], dy[i / size * whole + begin + i % size], adds);
  }
};

}  // namespace detail

template <Backend B, class T, class... Shapes, class X, class Y>
struct compute<B, T, bound<Concatenation<Shapes...>, X, Y>> : compute_base {
  using layer = Concatenation<Shapes...>;
  using pass = tnn::pass<T, bound<layer, X, Y>>;
  static constexpr bool can_add = true;

  static constexpr void forward(B& backend, const pass& p) {
    for (std::size_t k = 0; k < layer::begins.size(); ++k)
      backend.for_each(p.batch * layer::sizes[k],
                       detail::concat_forward<T>{k == 0 ? p.x : p.other[k - 1], p.y,
                                                 layer::sizes[k], Y::size, layer::begins[k]});
  }
  static constexpr void backward(B& backend, const pass& p) {
    for (std::size_t k = 0; k < layer::begins.size(); ++k) {
      T* const to = k == 0 ? p.dx : p.other_gradient[k - 1];
      if (to == nullptr) continue;
      backend.for_each(
          p.batch * layer::sizes[k],
          detail::concat_backward<T>{p.dy, to, layer::sizes[k], Y::size, layer::begins[k],
                                     k == 0 ? p.adds : p.adds_other[k - 1]});
    }
  }
};

}  // namespace tnn
