#pragma once
// Conv2d as functors over for_each, for a direct_backend (one without a product of its
// own): an output, a weight or an input a call, each adding up its terms in one order. Nothing is
// stored on the way.
//   y[f,i,j]  = b[f] + sum over c,u,v of w[f,c,u,v] x[c, i*S+u*D-P, j*S+v*D-P]
//   dw[f,c,u,v] = sum over n,i,j of dy[f,i,j] x[c, i*S+u*D-P, j*S+v*D-P],  db[f] = sum of dy[f]
//   dx[c,r,s] = sum over f and the (u,v) with i*S+u*D-P = r, j*S+v*D-P = s of w[f,c,u,v] dy[f,i,j]
#include <tnn/layers/conv2d/geometry.hpp>
#include <tnn/layers/direct.hpp>

namespace tnn {

template <class L, class X, class Y, class T>
struct conv2d_direct : detail::conv2d_geometry<L, X, Y> {
  using G = detail::conv2d_geometry<L, X, Y>;
  using G::kh, G::kw, G::down, G::across, G::filters, G::channels;
  static constexpr int all_channels = X::extent(0);
  static constexpr std::int64_t in_plane = G::inputs, out_plane = G::places;
  static constexpr std::int64_t weights_of_a_filter = G::taps;

  /// Where the window of output (i, j) begins; it may lie outside.
  TNN_HOST_DEVICE static constexpr int top(int i) { return i * G::sh - G::ph; }
  TNN_HOST_DEVICE static constexpr int left(int j) { return j * G::sw - G::pw; }

  struct forward {
    const T* x;
    const T* weight;
    const T* bias;
    T* y;
    TNN_HOST_DEVICE constexpr void operator()(std::int64_t at) const {
      const int i = static_cast<int>(at / G::columns % G::rows);
      const int j = static_cast<int>(at % G::columns);
      const std::int64_t n = at / out_plane / L::filters;
      const int f = static_cast<int>(at / out_plane % L::filters);
      const detail::span_of_ints rows = G::rows_of(i), columns = G::columns_of(j);
      const T* w = weight + f * weights_of_a_filter;
      const T* plane = x + (n * all_channels + f / filters * channels) * in_plane;
      T sum = detail::bias_of(bias, f);
      for (int c = 0; c < channels; ++c, plane += in_plane, w += kh * kw)
        for (int r = rows.first; r < rows.last; r += down)
          for (int s = columns.first; s < columns.last; s += across)
            sum += w[(r - top(i)) / down * kw + (s - left(j)) / across] * plane[r * G::width + s];
      y[at] = sum;
    }
  };

  struct weight_gradient {
    const T* x;
    const T* dy;
    T* dweight;
    int batch;
    TNN_HOST_DEVICE constexpr void operator()(std::int64_t at) const {
      const int v = static_cast<int>(at % kw), u = static_cast<int>(at / kw % kh);
      const std::int64_t f = at / weights_of_a_filter;
      const std::int64_t c = f / filters * channels + at / (kh * kw) % channels;
      T sum = 0;
      for (int n = 0; n < batch; ++n) {
        const T* plane = x + (n * all_channels + c) * in_plane;
        const T* g = dy + (n * L::filters + f) * out_plane;
        for (int i = 0; i < G::rows; ++i) {
          const int r = top(i) + u * down;
          if (r < 0 || r >= G::height) continue;
          for (int j = 0; j < G::columns; ++j) {
            const int s = left(j) + v * across;
            if (s >= 0 && s < G::width) sum += g[i * G::columns + j] * plane[r * G::width + s];
          }
        }
      }
      dweight[at] = sum;
    }
  };

  struct data_gradient {
    const T* dy;
    const T* weight;
    T* dx;
    TNN_HOST_DEVICE constexpr void operator()(std::int64_t at) const {
      const int s = static_cast<int>(at % G::width),
                r = static_cast<int>(at / G::width % G::height);
      const std::int64_t n = at / in_plane / all_channels;
      const int c = static_cast<int>(at / in_plane % all_channels);
      const int first = c / channels * filters;
      const detail::span_of_ints rows = G::rows_over(r), columns = G::columns_over(s);
      T sum = 0;
      for (int f = first; f < first + filters; ++f) {
        const T* w = weight + f * weights_of_a_filter + c % channels * kh * kw;
        const T* g = dy + (n * L::filters + f) * out_plane;
        for (int i = rows.first; i < rows.last; ++i) {
          if ((r - top(i)) % down != 0) continue;
          for (int j = columns.first; j < columns.last; ++j)
            if ((s - left(j)) % across == 0)
              sum += w[(r - top(i)) / down * kw + (s - left(j)) / across] * g[i * G::columns + j];
        }
      }
      dx[at] = sum;
    }
  };
};

template <direct_backend B, class T, int F, class... O, class X, class Y>
struct compute<B, T, bound<Conv2d<F, O...>, X, Y>>
    : direct_compute<B, T, bound<Conv2d<F, O...>, X, Y>, conv2d_direct<Conv2d<F, O...>, X, Y, T>> {
};

}  // namespace tnn
