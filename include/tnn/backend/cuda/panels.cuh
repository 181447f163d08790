#pragma once
// C (M, N) = A (M, K) x B (K, N) where A and B are functions, not memory: a convolution's patches
// are read from its image as they are needed. An operand says
//   static constexpr bool along;      whether neighbours in K are neighbours in memory
//   static constexpr int together;    values of one load: 1, or 4 neighbours in K, of which the
//                                     first has a k and a place in memory that are multiples of 4
//   line at(int i)                    what can be known of row (column) i before k
//   floats<together> load(line, int k)
// Here is what every kernel of a product shares: panels of A and B in shared memory, and how a
// block's threads bring them, the next ones on their way in registers meanwhile.
#include <type_traits>

#include <tnn/backend/cuda/launch.cuh>

namespace tnn::detail {

template <int Together>
using floats = std::conditional_t<Together == 4, float4, float>;

/// Together floats that lie side by side, as one load.
template <int Together>
__device__ __forceinline__ floats<Together> load_together(const float* from) {
  return *reinterpret_cast<const floats<Together>*>(from);
}

struct product_size {
  int rows, columns, depth;
  int part;  ///< of K, that blockIdx.z sums
};

/// One thread's share in bringing panels of an operand. A panel is brought by loads, numbered
/// e = thread + slot * threads along memory; k_of and line_of say which value load e begins with.
template <class Tile, int Lines, class Operand>
struct product_feed {
  static constexpr int together = Operand::together, deep = Tile::depth / together;
  static_assert(together == 1 || (together == 4 && Operand::along));
  static constexpr int loads = deep * Lines;
  static constexpr int slots = (loads + Tile::threads - 1) / Tile::threads;
  static constexpr bool one_line = !Operand::along && Tile::threads % Lines == 0;
  static constexpr int lines = one_line ? 1 : slots;
  using line = typename Operand::line;

  line known[lines];
  floats<together> held[slots];

  static __device__ __forceinline__ int k_of(int e) {
    return Operand::along ? e % deep * together : e / Lines;
  }
  static __device__ __forceinline__ int line_of(int e) {
    return Operand::along ? e / deep : e % Lines;
  }
  /// In the last slot there may be fewer loads than threads.
  static __device__ __forceinline__ bool is_mine(int e) {
    return loads % Tile::threads == 0 || e < loads;
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
      held[s] =
          is_mine(e) && at < end ? from.load(known[one_line ? 0 : s], at) : floats<together>{};
    }
  }
  template <class Panel>
  __device__ __forceinline__ void put(Panel& panel) const {
    for (int s = 0; s < slots; ++s) {
      const int e = static_cast<int>(threadIdx.x) + s * Tile::threads;
      if (is_mine(e)) panel.put(k_of(e), line_of(e), held[s]);
    }
  }
};

/// Two panels of each operand: one is multiplied while the other is brought.
template <class PanelA, class PanelB>
struct product_panels {
  PanelA a[2];
  PanelB b[2];
};

/// Calls multiply(panel of A, panel of B) for each Depth of this block's part of K, in order.
template <class Tile, class Panels, class A, class B, class F>
__device__ __forceinline__ void for_each_panel(Panels& memory, const A& a, const B& b,
                                               const product_size& size, F multiply) {
  const int begin = static_cast<int>(blockIdx.z) * size.part;
  const int end = size.depth - begin < size.part ? size.depth : begin + size.part;

  product_feed<Tile, Tile::rows, A> feed_a;
  product_feed<Tile, Tile::columns, B> feed_b;
  feed_a.begin(a, static_cast<int>(blockIdx.y) * Tile::rows, size.rows);
  feed_b.begin(b, static_cast<int>(blockIdx.x) * Tile::columns, size.columns);
  feed_a.fetch(a, begin, end);
  feed_b.fetch(b, begin, end);
  feed_a.put(memory.a[0]);
  feed_b.put(memory.b[0]);
  __syncthreads();

  int now = 0;
  for (int k = begin; k < end; k += Tile::depth) {
    const bool more = k + Tile::depth < end;
    if (more) {
      feed_a.fetch(a, k + Tile::depth, end);
      feed_b.fetch(b, k + Tile::depth, end);
    }
    multiply(memory.a[now], memory.b[now]);
    if (more) {
      now ^= 1;
      feed_a.put(memory.a[now]);
      feed_b.put(memory.b[now]);
      __syncthreads();
    }
  }
}

}  // namespace tnn::detail
