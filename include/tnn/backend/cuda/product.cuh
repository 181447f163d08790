#pragma once
// C (M, N) = A (M, K) x B (K, N) where A and B are functions, not memory: a convolution's patches
// are read from its image as they are needed. A block makes one tile of C, a panel of A and B at a
// time in shared memory, the next panel on its way in registers meanwhile. An operand says
//   static constexpr bool along;      whether neighbours in K are neighbours in memory
//   line at(int i)                    what can be known of row (column) i before k
//   float load(line, int k)           the value
// and a result: line at(int column), store(line, int part, int row, float). K may be cut into
// parts, each a sum of its own: fixed by the caller, so that the order of adding never depends on
// the device.
#include <tnn/backend/cuda/launch.cuh>

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
};

template <class Tile>
struct product_memory {
  product_panel<Tile::depth, Tile::rows> a[2];
  product_panel<Tile::depth, Tile::columns> b[2];
};

/// One thread's share in bringing panels of an operand. Value e = thread + slot * threads of a
/// panel is (k, line), the one that is contiguous in memory running fastest.
template <class Tile, int Lines, class Operand>
struct product_feed {
  static constexpr int values = Tile::depth * Lines;
  static_assert(values % Tile::threads == 0);
  static constexpr int slots = values / Tile::threads;
  static constexpr bool one_line = !Operand::along && Tile::threads % Lines == 0;
  static constexpr int lines = one_line ? 1 : slots;
  using line = typename Operand::line;

  line known[lines];
  float held[slots];

  static __device__ __forceinline__ int k_of(int e) {
    return Operand::along ? e % Tile::depth : e / Lines;
  }
  static __device__ __forceinline__ int line_of(int e) {
    return Operand::along ? e / Tile::depth : e % Lines;
  }

  __device__ __forceinline__ void begin(const Operand& from, int first, int count) {
    for (int s = 0; s < lines; ++s) {
      const int i = first + line_of(static_cast<int>(threadIdx.x) + s * Tile::threads);
      known[s] = from.at(i < count ? i : 0);  // what comes of a line past the end is not stored
    }
  }
  __device__ __forceinline__ void fetch(const Operand& from, int k, int end) {
    for (int s = 0; s < slots; ++s) {
      const int e = static_cast<int>(threadIdx.x) + s * Tile::threads;
      const int at = k + k_of(e);
      held[s] = at < end ? from.load(known[one_line ? 0 : s], at) : 0.0f;
    }
  }
  __device__ __forceinline__ void put(product_panel<Tile::depth, Lines>& panel) const {
    for (int s = 0; s < slots; ++s) {
      const int e = static_cast<int>(threadIdx.x) + s * Tile::threads;
      panel.values[k_of(e)][line_of(e)] = held[s];
    }
  }
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

struct product_size {
  int rows, columns, depth;
  int part;  ///< of K, that blockIdx.z sums
};

template <class Tile, class A, class B, class C>
__global__ void __launch_bounds__(Tile::threads, 2)
    product_kernel(A a, B b, C c, product_size size) {
  auto& memory = shared<product_memory<Tile>>();
  const int first_row = static_cast<int>(blockIdx.y) * Tile::rows;
  const int first_column = static_cast<int>(blockIdx.x) * Tile::columns;
  const int part = static_cast<int>(blockIdx.z);
  const int last = (part + 1) * size.part;
  const int end = last < size.depth ? last : size.depth;
  const int tx = static_cast<int>(threadIdx.x) % Tile::across;
  const int ty = static_cast<int>(threadIdx.x) / Tile::across;

  product_feed<Tile, Tile::rows, A> feed_a;
  product_feed<Tile, Tile::columns, B> feed_b;
  feed_a.begin(a, first_row, size.rows);
  feed_b.begin(b, first_column, size.columns);
  feed_a.fetch(a, part * size.part, end);
  feed_b.fetch(b, part * size.part, end);
  feed_a.put(memory.a[0]);
  feed_b.put(memory.b[0]);
  __syncthreads();

  float sum[8][8] = {};
  int now = 0;
  for (int k = part * size.part; k < end; k += Tile::depth) {
    const bool more = k + Tile::depth < end;
    if (more) {
      feed_a.fetch(a, k + Tile::depth, end);
      feed_b.fetch(b, k + Tile::depth, end);
    }
    for (int d = 0; d < Tile::depth; ++d) {
      float left[8], right[8];
      product_read<Tile::rows>(memory.a[now].values[d], ty, left);
      product_read<Tile::columns>(memory.b[now].values[d], tx, right);
      for (int i = 0; i < 8; ++i)
        for (int j = 0; j < 8; ++j) sum[i][j] += left[i] * right[j];
    }
    if (more) {
      now ^= 1;
      feed_a.put(memory.a[now]);
      feed_b.put(memory.b[now]);
      __syncthreads();
    }
  }

  for (int j = 0; j < 8; ++j) {
    const int column = first_column + product_place<Tile::columns>(tx, j);
    if (column >= size.columns) continue;
    const auto line = c.at(column);
    for (int i = 0; i < 8; ++i) {
      const int row = first_row + product_place<Tile::rows>(ty, i);
      if (row < size.rows) c.store(line, part, row, sum[i][j]);
    }
  }
}

/// Rows: at most this many filters, known when compiling. `part` must be positive.
template <int Rows, class A, class B, class C>
void product(cudaStream_t stream, A a, B b, C c, product_size size) {
  // 128, unless half of the last tile would be empty.
  constexpr int rows = Rows <= 32 ? 32 : (Rows - 1) % 128 < 64 ? 64 : 128;
  using tile = product_tile<rows, 128, 8>;
  const auto blocks = [](int extent, int piece) {
    return static_cast<unsigned>((extent + piece - 1) / piece);
  };
  const dim3 grid{blocks(size.columns, tile::columns), blocks(size.rows, tile::rows),
                  blocks(size.depth, size.part)};
  launch(stream, {grid, dim3{tile::threads}}, product_kernel<tile, A, B, C>, a, b, c, size);
}

}  // namespace tnn::detail
