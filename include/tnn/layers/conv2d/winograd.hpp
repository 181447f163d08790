#pragma once
// Winograd's F(M, R): M outputs of a filter of R taps by M + R - 1 multiplications (Cook and Toom's
// algorithm: polynomials multiplied by their values at M + R - 2 points and at infinity).
//   y = A [(G w) * (B x)],   y[m] = sum over r of w[r] x[m + r]
// With points 0, 1, -1, 2, -2, ... the rows of B and G, and the columns of A, of p and -p differ in
// every other sign: a sum and a difference serve both. The matrices are made while compiling.
#include <tnn/backend/cpu/simd.hpp>

namespace tnn::detail {

template <int Rows, int Columns>
struct small_matrix {
  double at[std::size_t{Rows}][std::size_t{Columns}] = {};
};

template <int M, int R>
struct winograd_matrices {
  static constexpr int size = M + R - 1;
  small_matrix<size, size> b;
  small_matrix<size, R> g;
  small_matrix<M, size> a;

  constexpr winograd_matrices() {
    constexpr double points[] = {0, 1, -1, 2, -2, 0.5, -0.5};
    static_assert(size % 2 == 0 && size <= 8);
    constexpr int infinity = size - 1;
    for (int i = 0; i < size; ++i) {
      // B: the coefficients of the product of (t - p) over the other points, constant term first.
      int degree = 0;
      b.at[i][0] = 1;
      for (int j = 0; j < infinity; ++j) {
        if (j == i) continue;
        ++degree;
        for (int k = degree; k >= 0; --k)
          b.at[i][k] = (k > 0 ? b.at[i][k - 1] : 0) - points[j] * b.at[i][k];
      }
      if (i == infinity) break;
      double others = 1, power = 1;
      for (int j = 0; j < infinity; ++j) others *= j == i ? 1 : points[i] - points[j];
      for (int k = 0; k < (M > R ? M : R); ++k, power *= points[i]) {
        if (k < R) g.at[i][k] = power / others;
        if (k < M) a.at[k][i] = power;
      }
    }
    g.at[infinity][R - 1] = 1;
    a.at[M - 1][infinity] = 1;
  }
};

// The three matrices as types, which a template can take.
template <int M, int R>
struct winograd_input {
  static constexpr int rows = M + R - 1, columns = M + R - 1;
  static constexpr small_matrix<rows, columns> value = winograd_matrices<M, R>{}.b;
};
template <int M, int R>
struct winograd_filter {
  static constexpr int rows = M + R - 1, columns = R;
  static constexpr small_matrix<rows, columns> value = winograd_matrices<M, R>{}.g;
};
template <int M, int R>
struct winograd_output {
  static constexpr int rows = M, columns = M + R - 1;
  static constexpr small_matrix<rows, columns> value = winograd_matrices<M, R>{}.a;
};

/// sum += factor * x, of which nothing is left where the factor is 0.
template <class T, class V>
[[gnu::always_inline]] inline void add_times(V& sum, double factor, const V& x) {
  if (factor == 1) {
    sum += x;
  } else if (factor == -1) {
    sum -= x;
  } else if (factor != 0) {
    sum += static_cast<T>(factor) * x;
  }
}

/// y = matrix x, for B and G: rows 2p + 1 and 2p + 2 belong to a point and its opposite.
template <class Matrix, class T>
[[gnu::always_inline]] inline void multiply_rows(const simd::vector<T>* x, simd::vector<T>* y) {
  constexpr int rows = Matrix::rows, columns = Matrix::columns;
  constexpr auto& m = Matrix::value.at;
  y[0] = y[rows - 1] = simd::vector<T>{};
  simd::unrolled<columns>([&](auto k) __attribute__((always_inline)) {
    add_times<T>(y[0], m[0][k], x[k]);
    add_times<T>(y[rows - 1], m[rows - 1][k], x[k]);
  });
  simd::unrolled<rows / 2 - 1>([&](auto pair) __attribute__((always_inline)) {
    constexpr int i = 2 * pair + 1;
    simd::vector<T> same{}, opposite{};
    simd::unrolled<columns>([&](auto k) __attribute__((always_inline)) {
      add_times<T>(m[i][k] == m[i + 1][k] ? same : opposite, m[i][k], x[k]);
    });
    y[i] = same + opposite;
    y[i + 1] = same - opposite;
  });
}

/// y = matrix x, for A: its columns are the ones in pairs.
template <class Matrix, class T>
[[gnu::always_inline]] inline void multiply_columns(const simd::vector<T>* x, simd::vector<T>* y) {
  constexpr int rows = Matrix::rows, columns = Matrix::columns;
  constexpr auto& m = Matrix::value.at;
  simd::vectors<T, columns / 2 - 1> sum, difference;
  simd::unrolled<columns / 2 - 1>([&](auto pair) __attribute__((always_inline)) {
    sum[pair] = x[2 * pair + 1] + x[2 * pair + 2];
    difference[pair] = x[2 * pair + 1] - x[2 * pair + 2];
  });
  simd::unrolled<rows>([&](auto i) __attribute__((always_inline)) {
    y[i] = simd::vector<T>{};
    add_times<T>(y[i], m[i][0], x[0]);
    add_times<T>(y[i], m[i][columns - 1], x[columns - 1]);
    simd::unrolled<columns / 2 - 1>([&](auto pair) __attribute__((always_inline)) {
      add_times<T>(y[i], m[i][2 * pair + 1], i % 2 == 0 ? sum[pair] : difference[pair]);
    });
  });
}

/// Matrix x Matrix^T of a square of vectors: load(i, j) gives them, store(i, j, v) takes them.
template <class Matrix, class T, class Load, class Store>
[[gnu::always_inline]] inline void transform_square(Load load, Store store) {
  constexpr int rows = Matrix::rows, columns = Matrix::columns;
  using V = simd::vector<T>;
  const auto multiply = [](const V* x, V* y) __attribute__((always_inline)) {
    if constexpr (rows < columns) {
      detail::multiply_columns<Matrix, T>(x, y);
    } else {
      detail::multiply_rows<Matrix, T>(x, y);
    }
  };
  simd::vectors<T, columns> once[std::size_t{rows}];
  for (int j = 0; j < columns; ++j) {
    simd::vectors<T, columns> x;
    simd::vectors<T, rows> y;
    simd::unrolled<columns>([&](auto i) __attribute__((always_inline)) { x[i] = load(i, j); });
    multiply(x, y);
    simd::unrolled<rows>([&](auto i) __attribute__((always_inline)) { once[i][j] = y[i]; });
  }
  for (int i = 0; i < rows; ++i) {
    simd::vectors<T, rows> y;
    multiply(once[i], y);
    simd::unrolled<rows>([&](auto j) __attribute__((always_inline)) { store(i, j, y[j]); });
  }
}

}  // namespace tnn::detail
