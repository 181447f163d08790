#pragma once
// AdaptiveAvgPool2d by the formula; backward spreads dy over each window's mean.
#include <tnn/core/compute.hpp>
#include <tnn/layers/adaptive_avgpool2d/adaptive_avgpool2d.hpp>

namespace tnn {

template <class T, int H, int W, class X, class Y>
struct compute<Reference, T, bound<AdaptiveAvgPool2d<H, W>, X, Y>> : compute_base {
  static constexpr void forward(Reference&, const pass<T>& p) {
    for (std::int64_t k = 0; k < p.batch * Y::size; ++k) p.y[k] = 0;
    each_pair(p.batch, [&](std::int64_t x, std::int64_t y, int area) {
      p.y[y] += p.x[x] / static_cast<T>(area);
    });
  }
  static constexpr void backward(Reference&, const pass<T>& p) {
    if (p.dx == nullptr) return;
    for (std::int64_t k = 0; k < p.batch * X::size; ++k) p.dx[k] = 0;
    each_pair(p.batch, [&](std::int64_t x, std::int64_t y, int area) {
      p.dx[x] += p.dy[y] / static_cast<T>(area);
    });
  }

 private:
  template <class F>
  static constexpr void each_pair(int batch, F f) {
    constexpr int ih = X::extent(1), iw = X::extent(2);
    std::int64_t o = 0;
    for (int plane = 0; plane < batch * X::extent(0); ++plane)
      for (int i = 0; i < H; ++i)
        for (int j = 0; j < W; ++j, ++o) {
          const int top = i * ih / H, bottom = ((i + 1) * ih + H - 1) / H;
          const int left = j * iw / W, right = ((j + 1) * iw + W - 1) / W;
          for (int row = top; row < bottom; ++row)
            for (int column = left; column < right; ++column)
              f((std::int64_t{plane} * ih + row) * iw + column, o, (bottom - top) * (right - left));
        }
  }
};

}  // namespace tnn
