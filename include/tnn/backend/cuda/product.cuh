#pragma once
// C = A x B of operands in pieces (panels.cuh). A block makes one tile of C, in fp32 here, or on
// the tensor cores (tensor_product.cuh). A result says
//   line at(int column), store(line, int row, float)
// K is cut into parts where C has few tiles, each a sum of its own, added up in order. Into how
// many depends on shapes and batch alone, so that no device adds in another order.
#include <algorithm>
#include <iterator>

#include <tnn/backend/cuda/cuda.cuh>
#include <tnn/backend/cuda/tensor_product.cuh>
#include <tnn/core/integers.hpp>

namespace tnn::detail {

/// A block makes a tile of Rows x 128 values of C; a thread 8 x 8 of them, or 6 x 8 where Rows is
/// 96.
template <int Rows>
struct product_tile {
  static constexpr int rows = Rows, columns = 128, bytes = 64, stages = 2;
  static constexpr int piece_rows = rows % 96 == 0 ? 6 : 8, piece_columns = 8;
  static constexpr int down = rows / piece_rows, across = columns / piece_columns;
  static constexpr int threads = down * across;
  /// Sixteen warps fill a multiprocessor's registers. A block of two warps brings as many columns
  /// as one of eight, so its threads need more registers: twelve warps fit.
  static constexpr int blocks = (threads > 64 ? 512 : 384) / threads;
  static_assert(rows % piece_rows == 0 && threads % 32 == 0);
};

/// The line of a tile that is the i-th of a thread's Piece. Where lines lie along K, every
/// Threads-th: neighbours in a warp read neighbouring lines. Where they lie across, four side by
/// side and then the other Piece - 4: so that one float4 and one float4 or float2 read a thread's.
template <int Threads, int Piece, bool Along>
__device__ __forceinline__ int product_place(int thread, int i) {
  if (Along) return thread + Threads * i;
  return i < 4 ? thread * 4 + i : Threads * 4 + thread * (Piece - 4) + (i - 4);
}

template <class Vector>
__device__ __forceinline__ Vector read_together(const float* from) {
  return *reinterpret_cast<const Vector*>(from);
}

/// A thread's lines at k, of a panel whose lines lie across.
template <int Threads, int Piece, class Panel>
__device__ __forceinline__ void product_read(const Panel& panel, int k, int thread,
                                             float (&to)[Piece]) {
  static_assert(Piece == 6 || Piece == 8);
  const auto at = [&](int i) {
    return panel.at(k, product_place<Threads, Piece, false>(thread, i));
  };
  const auto v = read_together<float4>(at(0));
  to[0] = v.x, to[1] = v.y, to[2] = v.z, to[3] = v.w;
  if constexpr (Piece == 8) {
    const auto w = read_together<float4>(at(4));
    to[4] = w.x, to[5] = w.y, to[6] = w.z, to[7] = w.w;
  } else {
    const auto w = read_together<float2>(at(4));
    to[4] = w.x, to[5] = w.y;
  }
}

/// Adds what two panels make to a thread's sums.
template <class Tile, class PanelA, class PanelB>
__device__ __forceinline__ void multiply(const PanelA& a, const PanelB& b, int ty, int tx,
                                         float (&sum)[Tile::piece_rows][Tile::piece_columns]) {
  constexpr int rows = Tile::piece_rows, columns = Tile::piece_columns;
  static_assert(PanelA::along == PanelB::along);
  if constexpr (PanelA::along) {  // few at a time in registers: four k, and of B one line
    TNN_UNROLL_BY(1)
    for (int k = 0; k < PanelA::depth; k += 4) {
      float4 left[rows];
      for (int i = 0; i < rows; ++i)
        left[i] = read_together<float4>(a.at(k, product_place<Tile::down, rows, true>(ty, i)));
      for (int j = 0; j < columns; ++j) {
        const auto right =
            read_together<float4>(b.at(k, product_place<Tile::across, columns, true>(tx, j)));
        for (int i = 0; i < rows; ++i) sum[i][j] += left[i].x * right.x;
        for (int i = 0; i < rows; ++i) sum[i][j] += left[i].y * right.y;
        for (int i = 0; i < rows; ++i) sum[i][j] += left[i].z * right.z;
        for (int i = 0; i < rows; ++i) sum[i][j] += left[i].w * right.w;
      }
    }
  } else {
    TNN_UNROLL
    for (int k = 0; k < PanelA::depth; ++k) {
      float left[rows], right[columns];
      product_read<Tile::down>(a, k, ty, left);
      product_read<Tile::across>(b, k, tx, right);
      for (int i = 0; i < rows; ++i)
        for (int j = 0; j < columns; ++j) sum[i][j] += left[i] * right[j];
    }
  }
}

template <class Tile, class A, class B, class C>
__global__ void __launch_bounds__(Tile::threads, Tile::blocks)
    product_kernel(A a, B b, C c, product_size size) {
  struct memory_type {
    product_panels<A, B, Tile> panels[Tile::stages];
  };
  const int tx = static_cast<int>(threadIdx.x) % Tile::across;
  const int ty = static_cast<int>(threadIdx.x) / Tile::across;

  constexpr int rows = Tile::piece_rows, columns = Tile::piece_columns;
  float sum[rows][columns] = {};
  for_each_panel<Tile>(
      launched_shared<memory_type>().panels, a, b, size,
      [&](const auto& of_a, const auto& of_b) { multiply<Tile>(of_a, of_b, ty, tx, sum); });

  TNN_UNROLL
  for (int j = 0; j < columns; ++j) {
    const int column = static_cast<int>(blockIdx.x) * Tile::columns +
                       product_place<Tile::across, columns, B::along>(tx, j);
    if (column >= size.columns) continue;
    const auto line = c.at(column);
    TNN_UNROLL
    for (int i = 0; i < rows; ++i) {
      const int row = static_cast<int>(blockIdx.y) * Tile::rows +
                      product_place<Tile::down, rows, A::along>(ty, i);
      if (row < size.rows) c.store(line, row, sum[i][j]);
    }
  }
}

/// The tile with which least is fetched for so many rows: a block's panels have its rows and its
/// 128 columns.
constexpr int product_rows(int rows) {
  constexpr int tiles[] = {128, 96, 64, 32};
  const auto lines = [&](int tile) { return ceil_div(rows, tile) * (tile + 128); };
  return *std::min_element(std::begin(tiles), std::end(tiles),
                           [&](int a, int b) { return lines(a) < lines(b); });
}

/// How K is cut. Some 256 blocks are two for each multiprocessor of the devices that have most; a
/// part has 128 of K at least, or putting them together would take as long as making them.
template <int Rows>
struct product_cut {
  static constexpr int least_depth = 128, most_blocks = 256;
  static constexpr int whole = 32;  ///< a part is whole panels, of bf16 too
  static constexpr int tile_rows = product_rows(Rows), tile_columns = 128;

  static constexpr int blocks(int columns) {
    return ceil_div(Rows, tile_rows) * ceil_div(columns, tile_columns);
  }
  /// The depth of a part.
  static constexpr int part(int columns, int depth) {
    const int parts = std::clamp(most_blocks / blocks(columns), 1, ceil_div(depth, least_depth));
    return round_up(ceil_div(depth, parts), whole);
  }
  static constexpr int parts(int columns, int depth) {
    return ceil_div(depth, part(columns, depth));
  }
  /// The most memory that all parts take, in values, of so many columns and so deep or fewer.
  static constexpr std::int64_t values(std::int64_t columns, std::int64_t depth) {
    if (depth <= least_depth) return 0;
    const std::int64_t one = std::int64_t{Rows} * columns;
    const std::int64_t most = std::int64_t{most_blocks} * tile_rows * tile_columns;
    return std::min(one * ceil_div(depth, least_depth), most);
  }
};

/// A result of which each part of K has its own, (parts, rows, columns); or C itself, where there
/// is one part.
template <class C>
struct result_of_parts {
  C whole;
  float* parts;  ///< nullptr where there is one
  int rows, columns;
  struct line {
    typename C::line whole;
    float* part;
  };
  __device__ line at(int column) const {
    if (parts == nullptr) return {whole.at(column), nullptr};
    return {{}, parts + std::int64_t{blockIdx.z} * rows * columns + column};
  }
  __device__ void store(const line& to, int row, float sum) const {
    if (parts == nullptr)
      whole.store(to.whole, row, sum);
    else
      to.part[std::int64_t{row} * columns] = sum;
  }
};
template <class C>
struct parts_together {
  const float* parts;
  C c;
  int columns, size, count;  ///< size is rows x columns
  __device__ void operator()(std::int64_t i) const {
    const int at = static_cast<int>(i);
    float sum = parts[at];
    for (int k = 1; k < count; ++k) sum += parts[std::int64_t{k} * size + at];
    c.store(c.at(at % columns), at / columns, sum);
  }
};

/// f(the factor of that precision).
template <class F>
void with_factor(cuda_precision precision, F f) {
  switch (precision) {
    case cuda_precision::fp32:
      return f(fp32_factor{});
    case cuda_precision::tf32:
      return f(tf32_factor{});
    case cuda_precision::bf16:
      return f(bf16_factor{});
  }
}

template <int Rows, class Factor, class A, class B, class C>
void launch_product(cudaStream_t stream, A a, B b, C c, product_size size) {
  constexpr int rows = product_rows(Rows);
  const auto with = [&]<class Tile>(void (*kernel)(A, B, C, product_size), Tile) {
    const dim3 grid{static_cast<unsigned>(ceil_div(size.columns, Tile::columns)),
                    static_cast<unsigned>(ceil_div(size.rows, Tile::rows)),
                    static_cast<unsigned>(ceil_div(size.depth, size.part))};
    constexpr int shared = sizeof(product_panels<A, B, Tile>[Tile::stages]);
    launch(stream, {grid, dim3{Tile::threads}, shared}, kernel, a, b, c, size);
  };
  if constexpr (Factor::on_tensor_cores) {
    using tile = tensor_tile<rows>;
    with(tensor_kernel<tile, Factor, A, B, C>, tile{});
  } else {
    using tile = product_tile<rows>;
    with(product_kernel<tile, A, B, C>, tile{});
  }
}

/// Rows: the rows of C, known when compiling. parts: product_cut<Rows>::values for the parts.
template <int Rows, class Factor, class A, class B, class C>
void product(Cuda& cuda, A a, B b, C c, int columns, int depth, float* parts) {
  using cut = product_cut<Rows>;
  const product_size size{Rows, columns, depth, cut::part(columns, depth)};
  const int count = cut::parts(columns, depth);
  launch_product<Rows, Factor>(
      cuda.stream(), a, b, result_of_parts<C>{c, count > 1 ? parts : nullptr, Rows, columns}, size);
  if (count > 1)
    cuda.for_each(std::int64_t{Rows} * columns,
                  parts_together<C>{parts, c, columns, Rows * columns, count});
}

}  // namespace tnn::detail
