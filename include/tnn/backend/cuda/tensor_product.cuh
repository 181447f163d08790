#pragma once
// The product on tensor cores, of factors that are rounded in memory. A block is four warps, two by
// two; each makes a quarter of the tile. The columns of C are lines of the instruction's first
// factor, so that eight lanes store neighbours: where C is an image, a sector of 32 bytes.
#include <tnn/backend/cuda/panels.cuh>

namespace tnn::detail {

template <int Rows>
struct tensor_tile {
  static constexpr int rows = Rows, columns = 128, bytes = 64, stages = 3, blocks = 2;
  static constexpr int warps_down = 2, warps_across = 2, threads = 32 * warps_down * warps_across;
  static constexpr int warp_rows = rows / warps_down, warp_columns = columns / warps_across;
  static constexpr int down = warp_rows / 16, across = warp_columns / 16;  ///< fragments of a warp
  static_assert(warp_rows % 16 == 0 && warp_columns % 16 == 0);
};

#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 800

/// The fragment of 16 lines and 32 bytes of K that begins at (k, line) of a panel.
template <bool First, class Panel>
__device__ __forceinline__ void load_fragment(tensor_fragment& to, const Panel& panel, int k,
                                              int line, int lane) {
  using value = typename Panel::stored;
  constexpr int half = factor_piece<value>::size;
  const auto down = [](int block) { return 8 * (First ? block % 2 : block / 2); };
  const auto deep = [](int block) { return half * (First ? block / 2 : block % 2); };
  const int block = lane / 8, row = lane % 8;
  if constexpr (Panel::along) {
    load_blocks<false>(to, panel.at(k + deep(block), line + down(block) + row));
  } else if constexpr (sizeof(value) == 2) {
    load_blocks<true>(to, panel.at(k + deep(block) + row, line + down(block)));
  } else {  // no instruction transposes values of 4 bytes
    TNN_UNROLL
    for (int r = 0; r < 4; ++r)
      to.held[r] = *reinterpret_cast<const std::uint32_t*>(
          panel.at(k + deep(r) + lane % 4, line + down(r) + lane / 4));
  }
}

#endif

template <class Tile, class Factor, class A, class B, class C>
__global__ void __launch_bounds__(Tile::threads, Tile::blocks)
    tensor_kernel(A a, B b, C c, product_size size) {
#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 800
  struct memory_type {
    product_panels<A, B, Tile> panels[Tile::stages];
  };
  const int warp = static_cast<int>(threadIdx.x) / 32, lane = static_cast<int>(threadIdx.x) % 32;
  const int warp_row = warp / Tile::warps_across * Tile::warp_rows;
  const int warp_column = warp % Tile::warps_across * Tile::warp_columns;

  constexpr bool bf16 = sizeof(typename Factor::stored) == 2;
  constexpr int slice = 2 * factor_piece<typename Factor::stored>::size;
  float sum[Tile::across][2 * Tile::down][4] = {};
  for_each_panel<Tile>(launched_shared<memory_type>().panels, a, b, size,
                       [&](const auto& of_a, const auto& of_b) {
                         TNN_UNROLL
                         for (int k = 0; k < of_a.depth; k += slice) {
                           tensor_fragment rows[Tile::down], columns[Tile::across];
                           for (int i = 0; i < Tile::down; ++i)
                             load_fragment<false>(rows[i], of_a, k, warp_row + 16 * i, lane);
                           for (int j = 0; j < Tile::across; ++j)
                             load_fragment<true>(columns[j], of_b, k, warp_column + 16 * j, lane);
                           for (int j = 0; j < Tile::across; ++j)
                             for (int i = 0; i < 2 * Tile::down; ++i)
                               multiply_add<bf16>(sum[j][i], columns[j], rows[i / 2], i % 2);
                         }
                       });

  const int first_row = static_cast<int>(blockIdx.y) * Tile::rows + warp_row + lane % 4 * 2;
  const int first_column = static_cast<int>(blockIdx.x) * Tile::columns + warp_column + lane / 4;
  TNN_UNROLL
  for (int j = 0; j < 2 * Tile::across; ++j) {
    const int column = first_column + 8 * j;
    if (column >= size.columns) continue;
    const auto line = c.at(column);
    TNN_UNROLL
    for (int i = 0; i < 4 * Tile::down; ++i) {
      const int row = first_row + i / 2 * 8 + i % 2;
      if (row < size.rows) c.store(line, row, sum[j / 2][i / 2][j % 2 * 2 + i % 2]);
    }
  }
#else
  __trap();
#endif
}

}  // namespace tnn::detail
