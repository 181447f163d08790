#pragma once
// A single-threaded matrix product on memory of the caller: a tile of C stays in registers over the
// depth of a block, and reads B from panels that are packed for all rows of A.
//   tile (rows, columns) += a (rows, k) x b (k, columns)     columns: two registers wide
// Operands that already lie like a panel go straight to `tile_product`.
#include <tnn/backend/cpu/simd.hpp>
#include <tnn/core/integers.hpp>

namespace tnn::detail {

/// How an operand lies in memory: as written, or transposed.
enum class stored { as_is, transposed };

/// A tile of C takes all registers but three: two of B, one that broadcasts a value of A.
template <class T>
inline constexpr int tile_rows = (simd::registers - 3) / 2;
template <class T>
inline constexpr int tile_columns = 2 * simd::lanes<T>;

/// The block of B that is packed at a time.
inline constexpr int gemm_depth = 256, gemm_columns = 192;

/// Values that gemm needs for packing, in a buffer aligned to 64 bytes: that block, the rows of A
/// that one tile takes, and a tile.
inline constexpr std::int64_t gemm_packing = std::int64_t{gemm_depth} * (gemm_columns + 16) + 1024;

/// C = or += A B for one tile. B is a panel: row k is tile_columns values, k rows one after the
/// other. A: value (r, k) at a[r * stride + k], or a[k * stride + r] where it is stored transposed.
template <stored A, class T, int Rows = tile_rows<T>>
TNN_ONE_COPY void tile_product(std::int64_t depth, const T* a, std::int64_t stride, const T* b,
                               T* c, std::int64_t ldc, bool add) {
  constexpr int rows = Rows, lanes = simd::lanes<T>;
  using V = simd::vector<T>;
  simd::vectors<T, rows> left{}, right{};
  // C is wanted at the end; its lines are on the way while the sums are made.
  simd::unrolled<rows>([&](auto r) __attribute__((always_inline)) {
    __builtin_prefetch(c + r * ldc, 1);
    __builtin_prefetch(c + r * ldc + lanes, 1);
  });
  for (std::int64_t k = 0; k < depth; ++k) {
    const V b0 = simd::load(b), b1 = simd::load(b + lanes);
    simd::unrolled<rows>([&](auto r) __attribute__((always_inline)) {
      const T value = A == stored::as_is ? a[r * stride + k] : a[k * stride + r];
      left[r] += value * b0;
      right[r] += value * b1;
    });
    b += 2 * lanes;
  }
  simd::unrolled<rows>([&](auto r) __attribute__((always_inline)) {
    T* to = c + r * ldc;
    simd::store<T>(to, add ? simd::load(to) + left[r] : left[r]);
    simd::store<T>(to + lanes, add ? simd::load(to + lanes) + right[r] : right[r]);
  });
}

/// f(R) with R, as a constant, the height of tiles that `rows` rows are best cut into: tile_rows or
/// less. Fewer than five have too few sums under way to fill the multipliers.
template <class T, class F>
void with_tile_rows(int rows, F f) {
  constexpr int whole = tile_rows<T>, some = whole * 2 / 3, less = whole / 2;
  const auto cost = [rows](int height) {
    return ceil_div(rows, height) * (height < 5 ? 5 : height);
  };
  if (cost(less) < cost(whole) && cost(less) < cost(some)) {
    f(std::integral_constant<int, less>{});
  } else if (cost(some) < cost(whole)) {
    f(std::integral_constant<int, some>{});
  } else {
    f(std::integral_constant<int, whole>{});
  }
}

/// count x depth values, element (i, k) at from[i * along + k * down], as panels of Width: (k, i).
/// What is missing of the last panel is zero.
template <int Width, class T>
TNN_ONE_COPY void pack(int count, int depth, const T* from, std::int64_t along, std::int64_t down,
                       T* to) {
  constexpr int lanes = simd::lanes<T>;
  for (int first = 0; first < count; first += Width, from += Width * along, to += Width * depth) {
    const int n = least(count - first, Width);
    if (n < Width)
      std::memset(static_cast<void*>(to), 0, sizeof(T) * static_cast<std::size_t>(Width * depth));
    int k = 0;
    if (along == 1) {
      if (n == Width)
        for (; k < depth; ++k)
          std::memcpy(to + k * Width, from + k * down, sizeof(T) * static_cast<std::size_t>(Width));
      for (; k < depth; ++k)
        for (int i = 0; i < n; ++i) to[k * Width + i] = from[k * down + i];
      continue;
    }
    if (Width % lanes == 0 && down == 1 && n == Width)
      for (; k + lanes <= depth; k += lanes)
        for (int i = 0; i < Width; i += lanes) {
          simd::vectors<T, lanes> square;
          for (int r = 0; r < lanes; ++r) square[r] = simd::load(from + (i + r) * along + k);
          simd::transpose<T>(square);
          for (int r = 0; r < lanes; ++r) simd::store(to + (k + r) * Width + i, square[r]);
        }
    for (int i = 0; i < n; ++i)
      for (int l = k; l < depth; ++l) to[l * Width + i] = from[i * along + l * down];
  }
}

/// tile_product of height x width at the edge of C, by way of a whole tile in `spare`. A is packed:
/// stored transposed, its rows tile_rows apart.
template <class T>
TNN_ONE_COPY void edge_product(int height, int width, std::int64_t depth, const T* panel_a,
                               const T* panel_b, T* c, std::int64_t ldc, bool add, T* spare) {
  constexpr int rows = tile_rows<T>, columns = tile_columns<T>;
  if (height == rows && width == columns)
    return tile_product<stored::transposed>(depth, panel_a, rows, panel_b, c, ldc, add);
  tile_product<stored::transposed>(depth, panel_a, rows, panel_b, spare, columns, false);
  for (int r = 0; r < height; ++r)
    for (int s = 0; s < width; ++s)
      c[r * ldc + s] = (add ? c[r * ldc + s] : T{0}) + spare[r * columns + s];
}

/// C (+)= op(A) op(B), all row-major: C is m x n with rows ldc apart, op(A) m x k, op(B) k x n. An
/// operand stored transposed has k (A) or n (B) rows in memory. Nothing is allocated.
template <stored A, stored B, class T>
void gemm(std::int64_t m, std::int64_t n, std::int64_t k, const T* a, std::int64_t lda, const T* b,
          std::int64_t ldb, T* c, std::int64_t ldc, T* packing, bool add = true) {
  constexpr int rows = tile_rows<T>, columns = tile_columns<T>;
  T* panel_a = packing;
  T* panels_b = panel_a + std::int64_t{gemm_depth} * 16;
  T* spare = panels_b + std::int64_t{gemm_depth} * gemm_columns;
  const std::int64_t a_row = A == stored::as_is ? lda : 1, a_k = A == stored::as_is ? 1 : lda;
  const std::int64_t b_column = B == stored::as_is ? 1 : ldb, b_k = B == stored::as_is ? ldb : 1;
  for (std::int64_t l = 0; l < k || l == 0; l += gemm_depth)
    for (std::int64_t j = 0; j < n; j += gemm_columns) {
      const int width = least(n - j, gemm_columns), depth = least(k - l, gemm_depth);
      const bool more = add || l > 0;
      pack<columns>(width, depth, b + j * b_column + l * b_k, b_column, b_k, panels_b);
      for (std::int64_t i = 0; i < m; i += rows) {
        const int height = least(m - i, rows);
        const T* rows_of_a = a + i * a_row + l * a_k;
        const bool in_place = A == stored::as_is && height == rows;
        if (!in_place) pack<rows>(height, depth, rows_of_a, a_row, a_k, panel_a);
        for (int column = 0; column < width; column += columns) {
          const T* panel_b = panels_b + column * depth;
          T* to = c + i * ldc + j + column;
          if (in_place && column + columns <= width) {
            tile_product<A>(depth, rows_of_a, lda, panel_b, to, ldc, more);
          } else {
            // The last columns' panel of A is packed only now.
            if (in_place) pack<rows>(height, depth, rows_of_a, a_row, a_k, panel_a);
            edge_product(height, least(width - column, columns), depth, panel_a, panel_b, to, ldc,
                         more, spare);
          }
        }
      }
    }
}

}  // namespace tnn::detail
