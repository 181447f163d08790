#pragma once
// Concatenation by the formula: sample by sample, branch by branch.
#include <tnn/core/compute.hpp>
#include <tnn/layers/concat/concat.hpp>

namespace tnn {

template <class T, class... Shapes, class X, class Y>
struct compute<Reference, T, bound<Concatenation<Shapes...>, X, Y>> : compute_base {
  using pass = tnn::pass<T, bound<Concatenation<Shapes...>, X, Y>>;
  static constexpr int branches = sizeof...(Shapes);
  static constexpr std::int64_t sizes[sizeof...(Shapes)] = {Shapes::size...};

  static constexpr void forward(Reference&, const pass& p) {
    T* y = p.y;
    for (int n = 0; n < p.batch; ++n)
      for (int k = 0; k < branches; ++k) {
        const T* from = (k == 0 ? p.x : p.other[k - 1]) + n * sizes[k];
        for (std::int64_t i = 0; i < sizes[k]; ++i) *y++ = from[i];
      }
  }
  static constexpr void backward(Reference&, const pass& p) {
    const T* dy = p.dy;
    for (int n = 0; n < p.batch; ++n)
      for (int k = 0; k < branches; ++k) {
        T* to = k == 0 ? p.dx : p.other_gradient[k - 1];
        for (std::int64_t i = 0; i < sizes[k]; ++i, ++dy)
          if (to != nullptr) to[n * sizes[k] + i] = *dy;
      }
  }
};

}  // namespace tnn
