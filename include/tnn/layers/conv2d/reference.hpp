#pragma once
// Conv2d by the formula, one multiply-add at a time. Backward walks the same loops:
//   db[f] += dy[f,i,j];  dw[f,c,u,v] += dy[f,i,j] x[..];  dx[..] += dy[f,i,j] w[f,c,u,v]
#include <tnn/core/compute.hpp>
#include <tnn/layers/conv2d/conv2d.hpp>

namespace tnn {

template <class T, int F, class... O, class X, class Y>
struct compute<Reference, T, bound<Conv2d<F, O...>, X, Y>> : compute_base {
  using L = Conv2d<F, O...>;
  static constexpr bool backward_reads_x = true;
  static constexpr int channels = X::extent(0) / L::groups;  // that one filter sees

  static constexpr void forward(Reference&, const auto& p) {
    T* y = p.y;
    for (int n = 0; n < p.batch; ++n)
      for (int f = 0; f < F; ++f)
        for (int i = 0; i < Y::extent(1); ++i)
          for (int j = 0; j < Y::extent(2); ++j) {
            T sum = detail::bias_of(p.find(tensor_name::bias{}), f);
            visit(n, f, i, j, [&](std::int64_t w, std::int64_t x) {
              sum += p.get(tensor_name::weight{})[w] * p.x[x];
            });
            *y++ = sum;
          }
  }

  static constexpr void backward(Reference&, const auto& p) {
    for (std::int64_t k = 0; k < L::template weight<X>::size; ++k)
      p.gradient(tensor_name::weight{})[k] = 0;
    T* const db = p.find_gradient(tensor_name::bias{});
    for (int f = 0; db != nullptr && f < F; ++f) db[f] = 0;
    if (p.dx != nullptr)
      for (std::int64_t k = 0; k < p.batch * X::size; ++k) p.dx[k] = 0;
    const T* dy = p.dy;
    for (int n = 0; n < p.batch; ++n)
      for (int f = 0; f < F; ++f)
        for (int i = 0; i < Y::extent(1); ++i)
          for (int j = 0; j < Y::extent(2); ++j) {
            const T d = *dy++;
            if (db != nullptr) db[f] += d;
            visit(n, f, i, j, [&](std::int64_t w, std::int64_t x) {
              p.gradient(tensor_name::weight{})[w] += d * p.x[x];
              if (p.dx != nullptr) p.dx[x] += d * p.get(tensor_name::weight{})[w];
            });
          }
  }

 private:
  /// Calls f(place in weight, place in x) for each product that output (n, filter, i, j) sums.
  template <class Visit>
  static constexpr void visit(int n, int filter, int i, int j, Visit visit) {
    constexpr int kh = L::kernel::height, kw = L::kernel::width;
    const int first = filter / (F / L::groups) * channels;
    for (int c = 0; c < channels; ++c)
      for (int u = 0; u < kh; ++u) {
        const int row = i * L::stride::height + u * L::dilation::height - L::padding::height;
        if (row < 0 || row >= X::extent(1)) continue;
        const std::int64_t w = ((std::int64_t{filter} * channels + c) * kh + u) * kw;
        const std::int64_t x =
            ((std::int64_t{n} * X::extent(0) + first + c) * X::extent(1) + row) * X::extent(2);
        for (int v = 0; v < kw; ++v) {
          const int column = j * L::stride::width + v * L::dilation::width - L::padding::width;
          if (column >= 0 && column < X::extent(2)) visit(w + v, x + column);
        }
      }
  }
};

}  // namespace tnn
