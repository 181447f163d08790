#pragma once
// A register's worth of values by the compilers' vector extension: one source for SSE, AVX,
// AVX-512 and NEON. Arithmetic is by operators; here are loads, stores and a transpose.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

#include <tnn/backend/cpu/one_copy.hpp>

namespace tnn::simd {

#if defined(__AVX512F__)
inline constexpr int register_bytes = 64, registers = 32;
#elif defined(__AVX__)
inline constexpr int register_bytes = 32, registers = 16;
#elif defined(__aarch64__)
inline constexpr int register_bytes = 16, registers = 32;
#else
inline constexpr int register_bytes = 16, registers = 16;
#endif

template <class T>
inline constexpr int lanes = register_bytes / static_cast<int>(sizeof(T));

template <class T>
struct vector_of {
  typedef T type __attribute__((vector_size(register_bytes)));  // NOLINT: not for GCC
};
template <class T>
using vector = typename vector_of<T>::type;

template <class T, int N>
using vectors = vector<T>[std::size_t{N}];

template <class T>
[[gnu::always_inline]] inline vector<T> load(const T* from) {
  vector<T> v;
  std::memcpy(&v, from, sizeof v);
  return v;
}
template <class T>
[[gnu::always_inline]] inline void store(T* to, const vector<T>& v) {
  std::memcpy(to, &v, sizeof v);
}

/// The first n lanes, at most all; the others are zero.
template <class T>
[[gnu::always_inline]] inline vector<T> load_some(const T* from, int n) {
  if (n == lanes<T>) return load(from);
  vector<T> v{};
  std::memcpy(&v, from, sizeof(T) * static_cast<std::size_t>(n));
  return v;
}
template <class T>
[[gnu::always_inline]] inline void store_some(T* to, const vector<T>& v, int n) {
  if (n == lanes<T>) return store(to, v);
  std::memcpy(to, &v, sizeof(T) * static_cast<std::size_t>(n));
}

/// f(0), f(1), ... f(N - 1), each with its number as a constant.
template <int N, class F>
[[gnu::always_inline]] inline void unrolled(F&& f) {
  [&]<int... I>(std::integer_sequence<int, I...>) __attribute__((always_inline)) {
    (f(std::integral_constant<int, I>{}), ...);
  }
  (std::make_integer_sequence<int, N>{});
}

/// A vector of any lanes of a and b: where the n lanes of a are numbered 0 to n - 1 and those of b
/// n to 2 n - 1, lane j of the result is lane number from(j). The calls are written out, since
/// nvcc does not pass a pack of numbers on to __builtin_shufflevector.
template <class T, class From>
[[gnu::always_inline]] inline vector<T> shuffle(const vector<T>& a, const vector<T>& b, From from) {
  constexpr int n = lanes<T>;
  if constexpr (n == 2) return __builtin_shufflevector(a, b, from(0), from(1));
  if constexpr (n == 4) return __builtin_shufflevector(a, b, from(0), from(1), from(2), from(3));
  if constexpr (n == 8)
    return __builtin_shufflevector(a, b, from(0), from(1), from(2), from(3), from(4), from(5),
                                   from(6), from(7));
  if constexpr (n == 16)
    return __builtin_shufflevector(a, b, from(0), from(1), from(2), from(3), from(4), from(5),
                                   from(6), from(7), from(8), from(9), from(10), from(11), from(12),
                                   from(13), from(14), from(15));
}

/// Cuts the rows into squares of 2 Half x 2 Half values, and swaps in each square the block of
/// Half x Half values at its upper right with the one at its lower left.
template <class T, int Half>
[[gnu::always_inline]] inline void swap_blocks(vector<T>* r) {
  unrolled<lanes<T> / 2>([&](auto pair) {
    constexpr int n = lanes<T>, i = pair / Half * 2 * Half + pair % Half;
    const vector<T> a = r[i], b = r[i + Half];
    r[i] = shuffle<T>(a, b, [](int j) { return (j & Half) != 0 ? n + j - Half : j; });
    r[i + Half] = shuffle<T>(a, b, [](int j) { return (j & Half) != 0 ? n + j : j + Half; });
  });
}

/// Transposes the square of as many vectors as a vector has lanes: rows become columns.
template <class T>
[[gnu::always_inline]] inline void transpose(vector<T>* r) {
  if constexpr (lanes<T> >= 16) swap_blocks<T, 8>(r);
  if constexpr (lanes<T> >= 8) swap_blocks<T, 4>(r);
  if constexpr (lanes<T> >= 4) swap_blocks<T, 2>(r);
  swap_blocks<T, 1>(r);
}

}  // namespace tnn::simd
