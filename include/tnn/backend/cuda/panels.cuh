#pragma once
// C (M, N) = A (M, K) x B (K, N) where A and B are memory in pieces of 16 bytes, and where a piece
// lies is a function: so a convolution's patches are read from its image. An operand says
//   using stored;                 float or bf16
//   static constexpr bool along;  a piece is neighbours in K; or else neighbours in rows (columns)
//   line at(int i)                what can be known of row (column) i before k
//   const stored* piece(line, int k)
// Here is what every kernel of a product shares: panels of A and B in shared memory, and how a
// block's threads have them brought there, some panels ahead of the one that is multiplied.
#include <cuda_pipeline_primitives.h>

#include <tnn/backend/cuda/factor.cuh>

namespace tnn::detail {

struct product_size {
  int rows, columns, depth;
  int part;  ///< of K, that blockIdx.z sums
};

/// A panel of one operand in shared memory: Lines rows of A (or columns of B), and of each as many
/// values along K as fill Bytes. Shared memory has 32 banks of 4 bytes, and threads that read from
/// the same bank wait for one another. Behind each row of the array is a gap, so that 8 threads
/// that read 16 bytes each (or 32 threads, 4 bytes each), every thread from a row of its own, read
/// from different banks.
template <class Stored, int Lines, bool Along, int Bytes>
struct product_panel {
  using stored = Stored;
  static constexpr bool along = Along;
  static constexpr int depth = Bytes / static_cast<int>(sizeof(Stored));
  static constexpr int gap = Along ? factor_piece<Stored>::size : 8;
  static constexpr int pitch = (Along ? depth : Lines) + gap;
  alignas(128) Stored values[Along ? Lines : depth][pitch];

  __device__ __forceinline__ Stored* at(int k, int line) {
    return Along ? &values[line][k] : &values[k][line];
  }
  __device__ __forceinline__ const Stored* at(int k, int line) const {
    return Along ? &values[line][k] : &values[k][line];
  }
};

/// One thread's share in bringing panels of an operand: the pieces e = thread + slot * Threads, as
/// they lie in the panel.
template <class Operand, class Panel, int Threads, int Lines>
struct product_feed {
  using stored = typename Operand::stored;
  static constexpr int size = factor_piece<stored>::size;
  static constexpr int across = (Operand::along ? Panel::depth : Lines) / size;
  static constexpr int pieces = Panel::depth * Lines / size;
  static constexpr int slots = ceil_div(pieces, Threads);
  static constexpr bool one_line = !Operand::along && Threads % across == 0;
  static constexpr int lines = one_line ? 1 : slots;

  typename Operand::line known[lines];

  static __device__ __forceinline__ int k_of(int e) {
    return Operand::along ? e % across * size : e / across;
  }
  static __device__ __forceinline__ int line_of(int e) {
    return Operand::along ? e / across : e % across * size;
  }

  __device__ __forceinline__ void begin(const Operand& from, int first, int count) {
    TNN_UNROLL
    for (int s = 0; s < lines; ++s) {
      const int i = first + line_of(static_cast<int>(threadIdx.x) + s * Threads);
      known[s] = from.at(i < count ? i : 0);  // what comes of a line past the end is not stored
    }
  }
  /// Past the end of K come zeros.
  __device__ __forceinline__ void bring(const Operand& from, Panel& to, int k, int end) const {
    TNN_UNROLL
    for (int s = 0; s < slots; ++s) {
      const int e = static_cast<int>(threadIdx.x) + s * Threads;
      if (pieces % Threads != 0 && e >= pieces) break;
      const int at = k + k_of(e);
      const stored* piece = from.piece(known[one_line ? 0 : s], at);
      if (at < end)
        __pipeline_memcpy_async(to.at(k_of(e), line_of(e)), piece, 16);
      else
        __pipeline_memcpy_async(to.at(k_of(e), line_of(e)), piece, 16, 16);  // reads nothing
    }
  }
};

template <class A, class B, class Tile>
struct product_panels {
  using panel_a = product_panel<typename A::stored, Tile::rows, A::along, Tile::bytes>;
  using panel_b = product_panel<typename B::stored, Tile::columns, B::along, Tile::bytes>;
  panel_a a;
  panel_b b;
};

/// Calls multiply(panel of A, panel of B) for each panel of this block's part of K, in order.
template <class Tile, class A, class B, class F>
__device__ __forceinline__ void for_each_panel(product_panels<A, B, Tile> (&memory)[Tile::stages],
                                               const A& a, const B& b, const product_size& size,
                                               F multiply) {
  using panels = product_panels<A, B, Tile>;
  constexpr int depth = panels::panel_a::depth, ahead = Tile::stages - 1;
  const int begin = static_cast<int>(blockIdx.z) * size.part;
  const int end = size.depth - begin < size.part ? size.depth : begin + size.part;

  product_feed<A, typename panels::panel_a, Tile::threads, Tile::rows> feed_a;
  product_feed<B, typename panels::panel_b, Tile::threads, Tile::columns> feed_b;
  feed_a.begin(a, static_cast<int>(blockIdx.y) * Tile::rows, size.rows);
  feed_b.begin(b, static_cast<int>(blockIdx.x) * Tile::columns, size.columns);
  const auto bring = [&](int k, int stage) {
    if (k < end) {
      feed_a.bring(a, memory[stage].a, k, end);
      feed_b.bring(b, memory[stage].b, k, end);
    }
    __pipeline_commit();
  };
  for (int s = 0; s < ahead; ++s) bring(begin + s * depth, s);

  int now = 0, next = ahead;
  for (int k = begin; k < end; k += depth) {
    __pipeline_wait_prior(ahead - 1);
    __syncthreads();  // this panel is here, and the one before it has been read
    bring(k + ahead * depth, next);
    multiply(memory[now].a, memory[now].b);
    now = now == ahead ? 0 : now + 1;
    next = next == ahead ? 0 : next + 1;
  }
}

}  // namespace tnn::detail
