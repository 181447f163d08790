#pragma once
// The product on tensor cores, from compute capability 8.0 on. Memory is float; a factor is rounded
// as it enters shared memory, to tf32 (10 bits of mantissa, nearest, ties away from zero) or to
// bf16 (7 bits, ties to even); sums are float. A warp makes 32 x 32 values of C (16 x 32 where
// there are few rows), in fragments of 16 x 16; a block has eight warps, or six where its tile has
// 96 rows.
#include <cuda_bf16.h>
#include <mma.h>

#include <tnn/backend/cuda/panels.cuh>

namespace tnn::detail {

template <int Rows>
struct tensor_tile {
  static constexpr int rows = Rows, columns = rows > 64 ? 64 : 128, depth = 16;
  static constexpr int warp_rows = rows > 32 ? 32 : 16, down = warp_rows / 16;  ///< fragments
  static constexpr int across = columns / 32;                                   ///< warps
  static constexpr int threads = rows / warp_rows * across * 32;
  static constexpr int pitch = 32 + 4;
  static_assert(rows % warp_rows == 0);
};

struct tf32_factor;
struct bf16_factor;

// Device code for older devices has no such fragments: Cuda refuses to open those, and the kernel
// would be an error there rather than do nothing.
#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 800

namespace wmma = nvcuda::wmma;

struct tf32_factor {
  using type = wmma::precision::tf32;
  using stored = float;
  static constexpr int step = 8;  ///< K of one instruction
  static __device__ __forceinline__ float rounded(float x) { return wmma::__float_to_tf32(x); }
};
struct bf16_factor {
  using type = __nv_bfloat16;
  using stored = __nv_bfloat16;
  static constexpr int step = 16;
  static __device__ __forceinline__ __nv_bfloat16 rounded(float x) { return __float2bfloat16(x); }
};

/// A panel of one operand, rounded; what runs fastest in its memory runs fastest here, and the gap
/// spreads a fragment's loads over the banks.
template <class Factor, int Depth, int Lines, bool Along>
struct tensor_panel {
  using stored = typename Factor::stored;
  static constexpr int gap = Along ? 16 / static_cast<int>(sizeof(stored)) : 8;
  static constexpr int pitch = (Along ? Depth : Lines) + gap;
  alignas(32) stored values[Along ? Lines : Depth][pitch];

  __device__ __forceinline__ void put(int k, int line, float value) {
    values[Along ? line : k][Along ? k : line] = Factor::rounded(value);
  }
  __device__ __forceinline__ void put(int k, int line, float4 value) {
    struct alignas(4 * sizeof(stored)) four {
      stored values[4];
    };
    static_assert(Along && pitch * sizeof(stored) % sizeof(four) == 0);
    *reinterpret_cast<four*>(&values[line][k]) = {
        {Factor::rounded(value.x), Factor::rounded(value.y), Factor::rounded(value.z),
         Factor::rounded(value.w)}};
  }
  template <class Fragment>
  __device__ __forceinline__ void load(Fragment& to, int k, int line) const {
    wmma::load_matrix_sync(to, &values[Along ? line : k][Along ? k : line], pitch);
  }
};

/// A warp's sums on their way to C, where the panels have been.
template <class Tile>
struct tensor_stage {
  alignas(32) float values[Tile::threads / 32][16][Tile::pitch];
};

#endif

template <class Tile, class Factor, class A, class B, class C>
__global__ void __launch_bounds__(Tile::threads, 2)
    tensor_kernel(A a, B b, C c, product_size size) {
#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 800
  using panel_a = tensor_panel<Factor, Tile::depth, Tile::rows, A::along>;
  using panel_b = tensor_panel<Factor, Tile::depth, Tile::columns, B::along>;
  union memory_type {
    product_panels<panel_a, panel_b> panels;
    tensor_stage<Tile> stage;
  };
  auto& memory = shared<memory_type>();
  const int warp = static_cast<int>(threadIdx.x) / 32, lane = static_cast<int>(threadIdx.x) % 32;
  const int warp_row = warp / Tile::across * Tile::warp_rows;
  const int warp_column = warp % Tile::across * 32;

  constexpr int step = Factor::step;
  using by_rows = wmma::row_major;
  using by_columns = wmma::col_major;
  using layout_a = std::conditional_t<A::along, by_rows, by_columns>;
  using layout_b = std::conditional_t<B::along, by_columns, by_rows>;
  using type = typename Factor::type;
  wmma::fragment<wmma::accumulator, 16, 16, step, float> sum[Tile::down][2];
  for (auto& row : sum)
    for (auto& fragment : row) wmma::fill_fragment(fragment, 0.0f);

  for_each_panel<Tile>(memory.panels, a, b, size, [&](const panel_a& of_a, const panel_b& of_b) {
    for (int k = 0; k < Tile::depth; k += step) {
      wmma::fragment<wmma::matrix_b, 16, 16, step, type, layout_b> right[2];
      for (int j = 0; j < 2; ++j) of_b.load(right[j], k, warp_column + 16 * j);
      for (int i = 0; i < Tile::down; ++i) {
        wmma::fragment<wmma::matrix_a, 16, 16, step, type, layout_a> left;
        of_a.load(left, k, warp_row + 16 * i);
        for (int j = 0; j < 2; ++j) wmma::mma_sync(sum[i][j], left, right[j], sum[i][j]);
      }
    }
  });
  __syncthreads();  // the panels have been read

  const int column = static_cast<int>(blockIdx.x) * Tile::columns + warp_column + lane;
  auto& stage = memory.stage.values[warp];
  for (int i = 0; i < Tile::down; ++i) {
    for (int j = 0; j < 2; ++j)
      wmma::store_matrix_sync(&stage[0][16 * j], sum[i][j], Tile::pitch, wmma::mem_row_major);
    __syncwarp();
    const int first = static_cast<int>(blockIdx.y) * Tile::rows + warp_row + 16 * i;
    if (column < size.columns) {
      const auto line = c.at(column);
      for (int r = 0; r < 16; ++r)
        if (first + r < size.rows)
          c.store(line, static_cast<int>(blockIdx.z), first + r, stage[r][lane]);
    }
    __syncwarp();
  }
#else
  __trap();
#endif
}

}  // namespace tnn::detail
