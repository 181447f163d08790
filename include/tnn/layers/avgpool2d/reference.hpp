#pragma once
// AvgPool2d by the formula; backward spreads dy / (KH KW) over each window.
#include <tnn/core/compute.hpp>
#include <tnn/layers/avgpool2d/avgpool2d.hpp>

namespace tnn {

template <class T, class... O, class X, class Y>
struct compute<Reference, T, bound<AvgPool2d<O...>, X, Y>> : compute_base {
  using L = AvgPool2d<O...>;
  static constexpr T area = static_cast<T>(std::int64_t{L::kernel::height} * L::kernel::width);

  static constexpr void forward(Reference&, const pass<T>& p) {
    for (std::int64_t k = 0; k < p.batch * Y::size; ++k) p.y[k] = 0;
    each_pair(p.batch, [&](std::int64_t x, std::int64_t y) { p.y[y] += p.x[x] / area; });
  }
  static constexpr void backward(Reference&, const pass<T>& p) {
    if (p.dx == nullptr) return;
    for (std::int64_t k = 0; k < p.batch * X::size; ++k) p.dx[k] = 0;
    each_pair(p.batch, [&](std::int64_t x, std::int64_t y) { p.dx[x] += p.dy[y] / area; });
  }

 private:
  /// Calls f(place in x, place in y) for each input that a window covers.
  template <class F>
  static constexpr void each_pair(int batch, F f) {
    std::int64_t o = 0;
#if defined(__clang__) && __clang_major__ < 19
    // Clang 14 vectorizes this loop for AVX-512 and every sixth window loses terms; 19 gets it
    // right.
#pragma clang loop vectorize(disable)
#endif
    for (int plane = 0; plane < batch * X::extent(0); ++plane)
      for (int i = 0; i < Y::extent(1); ++i)
        for (int j = 0; j < Y::extent(2); ++j, ++o)
          for (int u = 0; u < L::kernel::height; ++u)
            for (int v = 0; v < L::kernel::width; ++v) {
              const int row = i * L::stride::height + u - L::padding::height;
              const int column = j * L::stride::width + v - L::padding::width;
              if (row < 0 || row >= X::extent(1) || column < 0 || column >= X::extent(2)) continue;
              f((std::int64_t{plane} * X::extent(1) + row) * X::extent(2) + column, o);
            }
  }
};

}  // namespace tnn
