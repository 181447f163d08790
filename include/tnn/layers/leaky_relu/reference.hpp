#pragma once
// LeakyReLU by the formula.
#include <tnn/core/compute.hpp>
#include <tnn/core/math.hpp>
#include <tnn/layers/leaky_relu/leaky_relu.hpp>

namespace tnn {

template <class T, class Slope, class X, class Y>
struct compute<Reference, T, bound<LeakyReLU<Slope>, X, Y>> : compute_base {
  static constexpr bool backward_reads_x = true;
  static constexpr void forward(Reference&, const pass<T>& p) {
    for (std::int64_t i = 0; i < p.batch * X::size; ++i) {
      p.y[i] = p.x[i] > 0 ? p.x[i] : ratio_value<Slope, T> * p.x[i];
    }
  }
  static constexpr void backward(Reference&, const pass<T>& p) {
    if (p.dx == nullptr) return;
    for (std::int64_t i = 0; i < p.batch * X::size; ++i) {
      p.dx[i] = p.x[i] > 0 ? p.dy[i] : ratio_value<Slope, T> * p.dy[i];
    }
  }
};

}  // namespace tnn
