#pragma once
// Products of a warp: 16 x 16 x 8 of tf32 and 16 x 16 x 16 of bf16, sums in float. All 32 lanes
// must come to one call with one pointer; memory is aligned as CUDA asks; a fragment is undefined
// until it is loaded or filled, and which lane holds which value is the emulator's own choice.
// Loads and stores are each lane's own, made after all have come: what others wrote needs a
// barrier.
#include <cuda_bf16.h>
#include <cuda_runtime.h>

#include <array>
#include <string>

namespace nvcuda::wmma {

struct matrix_a;
struct matrix_b;
struct accumulator;
struct row_major;
struct col_major;
enum layout_t { mem_row_major, mem_col_major };
namespace precision {
struct tf32;
}

inline float __float_to_tf32(float x) { return tnn_emulator::to_tf32(x); }

template <class Use, int M, int N, int K, class T, class Layout = void>
struct fragment;

}  // namespace nvcuda::wmma

namespace tnn_emulator {

/// A lane's share of a matrix: value e of it, counted by rows, is in lane e % 32.
template <int Rows, int Columns>
struct share {
  static constexpr int rows = Rows, columns = Columns, size = Rows * Columns / 32;
  float held[size];
  bool defined = false;

  /// Calls f(slot, offset in memory) for each value.
  template <class F>
  static void each(bool by_rows, unsigned leading, F f) {
    for (unsigned s = 0; s < size; ++s) {
      const unsigned e = s * device::warp + current_thread % device::warp;
      const unsigned row = e / Columns, column = e % Columns;
      f(s, by_rows ? row * leading + column : column * leading + row);
    }
  }
};

struct matrix_memory {
  doing call;
  site where;
  const void* p;
  unsigned leading, size_of_value;
};
inline void check_matrix(const block::lanes& all) {
  const auto& mine = *static_cast<const matrix_memory*>(all[0]);
  const auto wrong = [&](const std::string& what) {
    fail(std::string("passes ") + name_of(mine.call) + " (" + mine.where.text() + ") " + what);
  };
  for (const void* lane : all) {
    const auto& other = *static_cast<const matrix_memory*>(lane);
    if (other.p != mine.p || other.leading != mine.leading)
      wrong("another matrix than other lanes of its warp");
  }
  if (reinterpret_cast<std::uintptr_t>(mine.p) % 32 != 0)
    wrong("a matrix that is not aligned to 32 bytes");
  if (mine.leading * mine.size_of_value % 16 != 0)
    wrong("a leading dimension of " + std::to_string(mine.leading) +
          " values, no multiple of 16 bytes");
}

template <class A, class B, class C>
struct warp_product {
  site where;
  C* d;
  const A* a;
  const B* b;
  const C* c;

  void wrong(const char* what) const { fail("passes mma_sync (" + where.text() + ") " + what); }

  template <class Share>
  static void gather(const block::lanes& all, const Share* warp_product::*which, float* to) {
    for (unsigned lane = 0; lane < device::warp; ++lane) {
      const auto& at = *static_cast<const warp_product*>(all[lane]);
      const Share& from = *(at.*which);
      if (!from.defined) at.wrong("a fragment that was never loaded or filled");
      for (unsigned s = 0; s < Share::size; ++s) to[s * device::warp + lane] = from.held[s];
    }
  }
  /// bf16 has fewer bits than tf32: only a float that nobody rounded is more than either.
  static void check_rounded(const block::lanes& all, const float* values, int n) {
    for (int i = 0; i < n; ++i)
      if (std::bit_cast<std::uint32_t>(values[i]) % 0x2000 != 0)
        static_cast<const warp_product*>(all[0])->wrong("floats that were not rounded to tf32");
  }
  static void multiply(const block::lanes& all) {
    constexpr int m = C::rows, n = C::columns, depth = A::columns;
    float left[m * depth], right[depth * n], sum[m * n];
    gather(all, &warp_product::a, left);
    gather(all, &warp_product::b, right);
    gather(all, &warp_product::c, sum);
    check_rounded(all, left, m * depth);
    check_rounded(all, right, depth * n);
    for (int i = 0; i < m; ++i)
      for (int k = 0; k < depth; ++k)
        for (int j = 0; j < n; ++j) sum[i * n + j] += left[i * depth + k] * right[k * n + j];
    for (unsigned lane = 0; lane < device::warp; ++lane) {
      C& to = *static_cast<const warp_product*>(all[lane])->d;
      for (unsigned s = 0; s < C::size; ++s) to.held[s] = sum[s * device::warp + lane];
      to.defined = true;
    }
  }
};

}  // namespace tnn_emulator

namespace nvcuda::wmma {

// The shapes that are there: A (M, K), B (K, N), and the sums (M, N).
template <class Layout>
struct fragment<matrix_a, 16, 16, 8, precision::tf32, Layout> : tnn_emulator::share<16, 8> {};
template <class Layout>
struct fragment<matrix_b, 16, 16, 8, precision::tf32, Layout> : tnn_emulator::share<8, 16> {};
template <class Layout>
struct fragment<matrix_a, 16, 16, 16, __nv_bfloat16, Layout> : tnn_emulator::share<16, 16> {};
template <class Layout>
struct fragment<matrix_b, 16, 16, 16, __nv_bfloat16, Layout> : tnn_emulator::share<16, 16> {};
template <>
struct fragment<accumulator, 16, 16, 8, float> : tnn_emulator::share<16, 16> {};
template <>
struct fragment<accumulator, 16, 16, 16, float> : tnn_emulator::share<16, 16> {};

template <class Use, int M, int N, int K>
void fill_fragment(fragment<Use, M, N, K, float>& f, float value) {
  for (float& v : f.held) v = value;
  f.defined = true;
}

template <class Use, int M, int N, int K, class T, class Layout, class Value>
void load_matrix_sync(fragment<Use, M, N, K, T, Layout>& to, const Value* p, unsigned leading,
                      const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
  constexpr bool bf16 = std::is_same_v<T, __nv_bfloat16>;
  static_assert(std::is_same_v<Value, std::conditional_t<bf16, __nv_bfloat16, float>>);
  const tnn_emulator::matrix_memory m{
      tnn_emulator::doing::load_matrix, {file, line}, p, leading, sizeof(Value)};
  tnn_emulator::running().together(m.call, &m, tnn_emulator::check_matrix, m.where);
  to.each(std::is_same_v<Layout, row_major>, leading, [&](unsigned slot, unsigned at) {
    if constexpr (bf16)
      to.held[slot] = __bfloat162float(p[at]);
    else
      to.held[slot] = p[at];
  });
  to.defined = true;
}

template <int M, int N, int K>
void store_matrix_sync(float* p, const fragment<accumulator, M, N, K, float>& from,
                       unsigned leading, layout_t layout, const char* file = __builtin_FILE(),
                       int line = __builtin_LINE()) {
  const tnn_emulator::matrix_memory m{
      tnn_emulator::doing::store_matrix, {file, line}, p, leading, sizeof(float)};
  tnn_emulator::running().together(m.call, &m, tnn_emulator::check_matrix, m.where);
  if (!from.defined)
    tnn_emulator::fail("passes store_matrix_sync (" + m.where.text() +
                       ") a fragment that was never loaded or filled");
  from.each(layout == mem_row_major, leading,
            [&](unsigned slot, unsigned at) { p[at] = from.held[slot]; });
}

template <int M, int N, int K, class T, class LayoutA, class LayoutB>
void mma_sync(fragment<accumulator, M, N, K, float>& d,
              const fragment<matrix_a, M, N, K, T, LayoutA>& a,
              const fragment<matrix_b, M, N, K, T, LayoutB>& b,
              const fragment<accumulator, M, N, K, float>& c, const char* file = __builtin_FILE(),
              int line = __builtin_LINE()) {
  using product = tnn_emulator::warp_product<tnn_emulator::share<M, K>, tnn_emulator::share<K, N>,
                                             tnn_emulator::share<M, N>>;
  const product mine{{file, line}, &d, &a, &b, &c};
  tnn_emulator::running().together(tnn_emulator::doing::mma, &mine, product::multiply, mine.where);
}

}  // namespace nvcuda::wmma
