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

/// A block's tile of C and a thread's piece of it.
template <int Rows, int Columns, int Depth>
struct product_tile {
  static constexpr int rows = Rows, columns = Columns, depth = Depth, piece = 8;
  static constexpr int across = columns / piece;
  static constexpr int threads = rows / piece * across;
  static_assert(rows % piece == 0 && columns % piece == 0 && threads % 32 == 0);
};

/// A panel of one operand: Depth x Lines values, with a gap against bank conflicts.
template <int Depth, int Lines>
struct product_panel {
  static constexpr int pitch = Lines + 4;
  alignas(16) float values[Depth][pitch];
  __device__ __forceinline__ void put(int k, int line, float value) { values[k][line] = value; }
};

/// Where in a tile the i-th of a thread's eight rows (columns) is: two runs of four, as float4
/// reads them.
template <int Extent>
__device__ __forceinline__ int product_place(int thread, int i) {
  return i / 4 * (Extent / 2) + thread * 4 + i % 4;
}

template <int Extent>
__device__ __forceinline__ void product_read(const float* line, int thread, float (&to)[8]) {
  for (int half = 0; half < 2; ++half) {
    const float4 v =
        *reinterpret_cast<const float4*>(line + product_place<Extent>(thread, 4 * half));
    to[4 * half] = v.x;
    to[4 * half + 1] = v.y;
    to[4 * half + 2] = v.z;
    to[4 * half + 3] = v.w;
  }
}

template <class Tile, class A, class B, class C>
__global__ void __launch_bounds__(Tile::threads, 2)
    product_kernel(A a, B b, C c, product_size size) {
  using panel_a = product_panel<Tile::depth, Tile::rows>;
  using panel_b = product_panel<Tile::depth, Tile::columns>;
  const int tx = static_cast<int>(threadIdx.x) % Tile::across;
  const int ty = static_cast<int>(threadIdx.x) / Tile::across;

  float sum[8][8] = {};
  for_each_panel<Tile>(shared<product_panels<panel_a, panel_b>>(), a, b, size,
                       [&](const panel_a& of_a, const panel_b& of_b) {
                         for (int d = 0; d < Tile::depth; ++d) {
                           float left[8], right[8];
                           product_read<Tile::rows>(of_a.values[d], ty, left);
                           product_read<Tile::columns>(of_b.values[d], tx, right);
                           for (int i = 0; i < 8; ++i)
                             for (int j = 0; j < 8; ++j) sum[i][j] += left[i] * right[j];
                         }
                       });

  for (int j = 0; j < 8; ++j) {
    const int column =
        static_cast<int>(blockIdx.x) * Tile::columns + product_place<Tile::columns>(tx, j);
    if (column >= size.columns) continue;
    const auto line = c.at(column);
    for (int i = 0; i < 8; ++i) {
      const int row = static_cast<int>(blockIdx.y) * Tile::rows + product_place<Tile::rows>(ty, i);
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

/// Rows: at most this many filters, known when compiling. `part` must be positive.
template <int Rows, class A, class B, class C>
void product(Cuda& cuda, A a, B b, C c, product_size size) {
  // 128, unless half of the last tile would be empty.
  constexpr int rows = Rows <= 32 ? 32 : (Rows - 1) % 128 < 64 ? 64 : 128;
  using tile = product_tile<rows, 128, 8>;
  using tensor = tensor_tile<rows>;
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
