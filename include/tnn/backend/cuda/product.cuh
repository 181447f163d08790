#pragma once
// C = A x B of functions (panels.cuh). A block makes one tile of C, in fp32 here, or on the tensor
// cores (tensor_product.cuh). A result says
//   line at(int column), store(line, int part, int row, float)
// K may be cut into parts, each a sum of its own: fixed by the caller, so that the order of adding
// never depends on the device.
#include <climits>

#include <tnn/backend/cuda/cuda.cuh>
#include <tnn/backend/cuda/panels.cuh>
#include <tnn/backend/cuda/tensor_product.cuh>

namespace tnn::detail {

/// A block makes a tile of Rows x 128 values of C; a thread 8 x 8 of them, or 6 x 8 where Rows is
/// 96.
template <int Rows>
struct product_tile {
  static constexpr int rows = Rows, columns = 128, depth = 8;
  static constexpr int piece_rows = rows % 96 == 0 ? 6 : 8, piece_columns = 8;
  static constexpr int down = rows / piece_rows, across = columns / piece_columns;
  static constexpr int threads = down * across;
  static_assert(rows % piece_rows == 0 && threads % 32 == 0);
};

/// A panel of one operand: Depth x Lines values, with a gap against bank conflicts.
template <int Depth, int Lines>
struct product_panel {
  static constexpr int pitch = Lines + 4;
  alignas(16) float values[Depth][pitch];
  __device__ __forceinline__ void put(int k, int line, float value) { values[k][line] = value; }
  __device__ __forceinline__ void put(int k, int line, float4 value) {
    values[k][line] = value.x;
    values[k + 1][line] = value.y;
    values[k + 2][line] = value.z;
    values[k + 3][line] = value.w;
  }
};

/// The row (column) of a tile that is the i-th of a thread's Piece. The first four of each of the
/// Threads come first, then the other Piece - 4 of each: so one float4 and one float4 or float2
/// read a thread's.
template <int Threads, int Piece>
__device__ __forceinline__ int product_place(int thread, int i) {
  return i < 4 ? thread * 4 + i : Threads * 4 + thread * (Piece - 4) + (i - 4);
}

template <int Threads, int Piece>
__device__ __forceinline__ void product_read(const float* line, int thread, float (&to)[Piece]) {
  static_assert(Piece == 6 || Piece == 8);
  const auto read = [&]<class Vector>(int i, Vector& v) {
    v = *reinterpret_cast<const Vector*>(line + product_place<Threads, Piece>(thread, i));
    to[i] = v.x;
    to[i + 1] = v.y;
  };
  const auto read4 = [&](int i) {
    float4 v;
    read(i, v);
    to[i + 2] = v.z;
    to[i + 3] = v.w;
  };
  read4(0);
  if constexpr (Piece == 8) {
    read4(4);
  } else {
    float2 v;
    read(4, v);
  }
}

template <class Tile, class A, class B, class C>
__global__ void __launch_bounds__(Tile::threads, 2)
    product_kernel(A a, B b, C c, product_size size) {
  using panel_a = product_panel<Tile::depth, Tile::rows>;
  using panel_b = product_panel<Tile::depth, Tile::columns>;
  const int tx = static_cast<int>(threadIdx.x) % Tile::across;
  const int ty = static_cast<int>(threadIdx.x) / Tile::across;

  constexpr int rows = Tile::piece_rows, columns = Tile::piece_columns;
  float sum[rows][columns] = {};
  for_each_panel<Tile>(shared<product_panels<panel_a, panel_b>>(), a, b, size,
                       [&](const panel_a& of_a, const panel_b& of_b) {
                         TNN_UNROLL
                         for (int d = 0; d < Tile::depth; ++d) {
                           float left[rows], right[columns];
                           product_read<Tile::down>(of_a.values[d], ty, left);
                           product_read<Tile::across>(of_b.values[d], tx, right);
                           for (int i = 0; i < rows; ++i)
                             for (int j = 0; j < columns; ++j) sum[i][j] += left[i] * right[j];
                         }
                       });

  for (int j = 0; j < columns; ++j) {
    const int column =
        static_cast<int>(blockIdx.x) * Tile::columns + product_place<Tile::across, columns>(tx, j);
    if (column >= size.columns) continue;
    const auto line = c.at(column);
    for (int i = 0; i < rows; ++i) {
      const int row =
          static_cast<int>(blockIdx.y) * Tile::rows + product_place<Tile::down, rows>(ty, i);
      if (row < size.rows) c.store(line, static_cast<int>(blockIdx.z), row, sum[i][j]);
    }
  }
}

/// Rows, columns and depth of a product are ints, with what a tile has past its end.
inline void require_indices(int batch, int values) {
  constexpr int most = INT_MAX - 127;
  if (batch > most / values)
    throw error("Conv2d on Cuda numbers the " + std::to_string(values) +
                " places of all images by one int: a batch of " + std::to_string(batch) +
                " has too many, " + std::to_string(most / values) + " is the largest that fits");
}

template <class Tile, class A, class B, class C>
void launch_product(cudaStream_t stream, void (*kernel)(A, B, C, product_size), A a, B b, C c,
                    product_size size) {
  const auto blocks = [](int extent, int piece) {
    return static_cast<unsigned>((extent + piece - 1) / piece);
  };
  const dim3 grid{blocks(size.columns, Tile::columns), blocks(size.rows, Tile::rows),
                  blocks(size.depth, size.part)};
  launch(stream, {grid, dim3{Tile::threads}}, kernel, a, b, c, size);
}

/// The tile that does least work for so many rows. cost: instructions a row, where a tile of 128
/// takes 100 (by scripts/cuda-budget --slots); a small tile brings as many columns for fewer rows.
constexpr int product_rows(int rows) {
  constexpr int tiles[] = {128, 96, 64, 32}, cost[] = {100, 110, 117, 150};
  int best = 0;
  const auto costs = [&](int t) { return (rows + tiles[t] - 1) / tiles[t] * tiles[t] * cost[t]; };
  for (int t = 1; t < 4; ++t)
    if (costs(t) < costs(best)) best = t;
  return tiles[best];
}

/// Rows: the rows of C, known when compiling. `part` must be positive.
template <int Rows, class A, class B, class C>
void product(Cuda& cuda, A a, B b, C c, product_size size) {
  using tile = product_tile<product_rows(Rows)>;
  using tensor = tensor_tile<product_rows(Rows)>;
  const cudaStream_t on = cuda.stream();
  switch (cuda.precision) {
    case cuda_precision::fp32:
      return launch_product<tile>(on, product_kernel<tile, A, B, C>, a, b, c, size);
    case cuda_precision::tf32:
      return launch_product<tensor>(on, tensor_kernel<tensor, tf32_factor, A, B, C>, a, b, c, size);
    case cuda_precision::bf16:
      return launch_product<tensor>(on, tensor_kernel<tensor, bf16_factor, A, B, C>, a, b, c, size);
  }
}

}  // namespace tnn::detail
