#pragma once
// The patches of an image as a matrix: row (c,u,v) holds x[c, i*S+u*D-P, j*S+v*D-P] for the output
// places (i,j) in reading order. Only a block of it exists at a time: some rows, some places.
#include <cstdint>
#include <cstring>

#include <tnn/core/integers.hpp>
#include <tnn/layers/conv2d/geometry.hpp>

namespace tnn::detail {

template <class L, class X, class Y>
struct patches : conv2d_geometry<L, X, Y> {
  using G = conv2d_geometry<L, X, Y>;
  using G::height, G::width, G::columns, G::inputs;
  using G::kh, G::kw, G::sh, G::sw, G::ph, G::pw, G::down, G::across;

  /// Rows [row, row + rows) and places [place, place + places) of the patches of x, into to
  /// (rows, places).
  template <class T>
  static void gather(const T* x, int row, int rows, int place, int places, T* to) {
    for (int r = row; r < row + rows; ++r) {
      const T* plane = x + std::int64_t{r / (kh * kw)} * inputs;
      each_run(r, place, places, [&](int at, int i, int j, int n) {
        T* out = to + at;
        const int y = i * sh + r / kw % kh * down - ph;
        const int first = j * sw + r % kw * across - pw;
        if (y < 0 || y >= height) {
          std::memset(out, 0, static_cast<std::size_t>(n) * sizeof(T));
          return;
        }
        const T* in = plane + std::int64_t{y} * width;
        int k = 0;
        for (; k < n && first + k * sw < 0; ++k) out[k] = 0;
        const int inside = width - first > 0 ? least(ceil_div(width - first, sw), n) : 0;
        if constexpr (sw == 1) {
          if (inside > k)
            std::memcpy(out + k, in + first + k, static_cast<std::size_t>(inside - k) * sizeof(T));
          k = inside > k ? inside : k;
        } else {
          for (; k < inside; ++k) out[k] = in[first + k * sw];
        }
        for (; k < n; ++k) out[k] = 0;
      });
      to += places;
    }
  }

  /// The transpose of gather: adds such a block to the image x it was taken from.
  template <class T>
  static void scatter_add(const T* from, int row, int rows, int place, int places, T* x) {
    for (int r = row; r < row + rows; ++r) {
      T* plane = x + std::int64_t{r / (kh * kw)} * inputs;
      each_run(r, place, places, [&](int at, int i, int j, int n) {
        const int y = i * sh + r / kw % kh * down - ph;
        const int first = j * sw + r % kw * across - pw;
        if (y < 0 || y >= height) return;
        T* out = plane + std::int64_t{y} * width;
        const T* in = from + at;
        const int start = first < 0 ? ceil_div(-first, sw) : 0;
        const int inside = width - first > 0 ? least(ceil_div(width - first, sw), n) : 0;
        for (int k = start; k < inside; ++k) out[first + k * sw] += in[k];
      });
      from += places;
    }
  }

 private:
  /// Calls f(offset, i, j, n) for each run of n places (i, j), (i, j+1), ... of one output row.
  template <class F>
  static void each_run(int, int place, int places, F f) {
    for (int at = 0; at < places;) {
      const int i = (place + at) / columns, j = (place + at) % columns;
      const int n = least(columns - j, places - at);
      f(at, i, j, n);
      at += n;
    }
  }
};

}  // namespace tnn::detail
