#pragma once
// MaxPool2d by the formula; backward finds each maximum again and adds dy to it.
#include <tnn/core/compute.hpp>
#include <tnn/layers/maxpool2d/maxpool2d.hpp>

namespace tnn {

template <class T, class... O, class X, class Y>
struct compute<Reference, T, bound<MaxPool2d<O...>, X, Y>> : compute_base {
  using L = MaxPool2d<O...>;
  static constexpr bool backward_reads_x = true;

  static constexpr void forward(Reference&, const pass<T>& p) {
    std::int64_t o = 0;
    each_window(p, [&](std::int64_t best) { p.y[o++] = p.x[best]; });
  }
  static constexpr void backward(Reference&, const pass<T>& p) {
    if (p.dx == nullptr) return;
    for (std::int64_t k = 0; k < p.batch * X::size; ++k) p.dx[k] = 0;
    std::int64_t o = 0;
    each_window(p, [&](std::int64_t best) { p.dx[best] += p.dy[o++]; });
  }

 private:
  /// Calls f(place of the maximum in x) for each output in order.
  template <class F>
  static constexpr void each_window(const pass<T>& p, F f) {
    for (int plane = 0; plane < p.batch * X::extent(0); ++plane)
      for (int i = 0; i < Y::extent(1); ++i)
        for (int j = 0; j < Y::extent(2); ++j) {
          std::int64_t best = -1;
          for (int u = 0; u < L::kernel::height; ++u)
            for (int v = 0; v < L::kernel::width; ++v) {
              const int row = i * L::stride::height + u - L::padding::height;
              const int column = j * L::stride::width + v - L::padding::width;
              if (row < 0 || row >= X::extent(1) || column < 0 || column >= X::extent(2)) continue;
              const std::int64_t at =
                  (std::int64_t{plane} * X::extent(1) + row) * X::extent(2) + column;
              if (best < 0 || p.x[at] > p.x[best] || (p.x[at] != p.x[at] && p.x[best] == p.x[best]))
                best = at;
            }
          f(best);
        }
  }
};

}  // namespace tnn
