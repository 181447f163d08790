#pragma once
// Linear by the formula: y = w x + b;  dw = dy x^T, db = dy, summed over the batch;  dx = w^T dy.
#include <tnn/core/compute.hpp>
#include <tnn/layers/linear/linear.hpp>

namespace tnn {

template <class T, int Out, class... O, class X, class Y>
struct compute<Reference, T, bound<Linear<Out, O...>, X, Y>> : compute_base {
  static constexpr bool backward_reads_x = true;
  static constexpr std::int64_t in = X::size;

  static constexpr void forward(Reference&, const auto& p) {
    for (int n = 0; n < p.batch; ++n)
      for (std::int64_t o = 0; o < Out; ++o) {
        T sum = detail::bias_of(p.find(tensor_name::bias{}), o);
        for (std::int64_t i = 0; i < in; ++i)
          sum += p.get(tensor_name::weight{})[o * in + i] * p.x[n * in + i];
        p.y[n * Out + o] = sum;
      }
  }

  static constexpr void backward(Reference&, const auto& p) {
    for (std::int64_t k = 0; k < Out * in; ++k) p.gradient(tensor_name::weight{})[k] = 0;
    T* const db = p.find_gradient(tensor_name::bias{});
    for (std::int64_t o = 0; db != nullptr && o < Out; ++o) db[o] = 0;
    if (p.dx != nullptr)
      for (std::int64_t k = 0; k < p.batch * in; ++k) p.dx[k] = 0;
    for (int n = 0; n < p.batch; ++n)
      for (std::int64_t o = 0; o < Out; ++o) {
        const T d = p.dy[n * Out + o];
        if (db != nullptr) db[o] += d;
        for (std::int64_t i = 0; i < in; ++i) {
          p.gradient(tensor_name::weight{})[o * in + i] += d * p.x[n * in + i];
          if (p.dx != nullptr) p.dx[n * in + i] += d * p.get(tensor_name::weight{})[o * in + i];
        }
      }
  }
};

}  // namespace tnn
