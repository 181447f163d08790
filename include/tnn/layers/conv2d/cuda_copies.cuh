#pragma once
// What Conv2d's products on Cuda are made of: copies of images and weights whose values are factors
// (backend/cuda/factor.cuh) with the channels side by side, so that a product reads them in pieces
// of 16 bytes, asking nothing. Zeros stand round the images and fill up each pixel.
#include <tnn/backend/cuda/factor.cuh>

namespace tnn::detail {

/// Memory of a copy: images of rows of pixels of values.
template <int Rows, int Columns, int Values>
struct pixel_grid {
  static constexpr int rows = Rows, columns = Columns, values = Values, row = Columns * Values;
  static constexpr std::int64_t size = std::int64_t{Rows} * row;
};

/// Windows in a grid, a place each: Down x Across of them in an image, strides Sh and Sw apart, the
/// first at (Top, Left), each Rows rows of Run values side by side.
template <class Grid, int Down, int Across, int Sh, int Sw, int Top, int Left, int Rows, int Run>
struct windows {
  static constexpr int places = Down * Across, values = Rows * Run;
  static_assert(Top >= 0 && Left >= 0 && Top + (Down - 1) * Sh + Rows <= Grid::rows);
  static_assert((Left + (Across - 1) * Sw) * Grid::values + Run <= Grid::row);

  static __device__ __forceinline__ std::int64_t of_place(int p) {
    // Unsigned numbers are divided by a constant in fewer instructions.
    const unsigned image = unsigned(p) / places, i = unsigned(p) / Across % Down;
    const unsigned j = unsigned(p) % Across;
    return image * Grid::size + ((Top + i * Sh) * Grid::row + (Left + j * Sw) * Grid::values);
  }
  static __device__ __forceinline__ int of_value(int k) {
    if constexpr (Rows == 1) return k;
    return static_cast<int>(unsigned(k) / Run * Grid::row + unsigned(k) % Run);
  }
};

/// The matrix (places, values of a window), or its transpose, as an operand of a product
/// (backend/cuda/panels.cuh). ByPlace: a line is a place, and K runs over the window.
template <class Stored, class Windows, bool ByPlace>
struct window_matrix {
  using stored = Stored;
  static constexpr bool along = ByPlace;
  const Stored* from;
  using line = const Stored*;
  __device__ __forceinline__ line at(int i) const {
    return from + (ByPlace ? Windows::of_place(i) : Windows::of_value(i));
  }
  __device__ __forceinline__ const Stored* piece(line l, int k) const {
    return l + (ByPlace ? Windows::of_value(k) : Windows::of_place(k));
  }
};

/// Writes one piece, from value `values` on: f(v) is value v.
template <class Factor, class F>
__device__ __forceinline__ void write_piece(typename Factor::stored* to, int values, F f) {
  using piece = factor_piece<typename Factor::stored>;
  piece p;
  TNN_UNROLL
  for (int t = 0; t < piece::size; ++t) p.values[t] = Factor::rounded(f(values + t));
  *reinterpret_cast<piece*>(to + values) = p;
}

/// Copies x (N, Channels, Height, Width), N images Sample apart, into a grid. A pixel holds Taps
/// neighbours of a row, each with its channels; pixel (Top, Left) begins at the image's first, and
/// the next one Stride further.
template <class Factor, class Grid, int Channels, int Height, int Width, std::int64_t Sample,
          int Top, int Left, int Stride, int Taps>
struct copy_images {
  const float* x;
  typename Factor::stored* to;

  static constexpr int size = factor_piece<typename Factor::stored>::size;
  static constexpr int pieces = Grid::values / size;
  static constexpr std::int64_t count(int batch) { return batch * (Grid::size / size); }

  /// Neighbours in i are neighbours in a row of x.
  __device__ void operator()(std::int64_t i) const {
    const auto image = static_cast<int>(i / (Grid::size / size));
    const auto place = static_cast<int>(i % (Grid::size / size));
    const int column = place % Grid::columns, piece = place / Grid::columns % pieces;
    const int row = place / (Grid::columns * pieces);
    const float* from = x + image * Sample;
    const int r = row - Top, first = column * Stride - Left;
    write_piece<Factor>(to + image * Grid::size + row * Grid::row + column * Grid::values,
                        piece * size, [&](int v) {
                          const int tap = v / Channels, c = v % Channels, s = first + tap;
                          const bool inside =
                              tap < Taps && r >= 0 && r < Height && s >= 0 && s < Width;
                          return inside ? from[(c * Height + r) * Width + s] : 0.0f;
                        });
  }
};

/// Copies weights into rows of Values: Weight::at(row, value) is a place in w, or -1 for a zero.
template <class Factor, class Weight, int Values>
struct copy_weights {
  const float* w;
  typename Factor::stored* to;

  static constexpr int size = factor_piece<typename Factor::stored>::size;
  static constexpr std::int64_t count(int rows) { return std::int64_t{rows} * (Values / size); }

  __device__ void operator()(std::int64_t i) const {
    const auto row = static_cast<int>(i / (Values / size));
    const auto piece = static_cast<int>(i % (Values / size));
    write_piece<Factor>(to + std::int64_t{row} * Values, piece * size, [&](int v) {
      const int at = Weight::at(row, v);
      return at < 0 ? 0.0f : w[at];
    });
  }
};

}  // namespace tnn::detail
