#pragma once
// Numbers for tests, and how far two lists of them are apart.
#include <cmath>
#include <cstdint>
#include <vector>

#include "support/sanitized.hpp"

/// The batches that layers and networks are tried with: odd ones; and around and past 32, the
/// number of groups of images that Cpu's weight gradients are summed in. Fewer where all of them
/// would take minutes: in the emulator, and under a sanitizer, unoptimised.
#if defined(TNN_CUDA_EMULATOR) || defined(TNN_SANITIZED)
inline constexpr int batches[] = {1, 3, 33};
#else
inline constexpr int batches[] = {1, 3, 7, 31, 33, 70};
#endif

/// Value k of stream `which`, in [-1, 1): multiples of 2^-15, so exact in float too.
/// tests/fixtures/generate_layers.py computes the same.
constexpr double formula_value(std::uint32_t which, std::uint32_t k) {
  std::uint32_t h = (k + 1 + 1000003u * which) * 2654435761u;
  h = (h ^ h >> 15) * 2246822519u;
  h ^= h >> 13;
  return static_cast<double>(h >> 16) / 32768 - 1;
}

template <class T = double>
std::vector<T> formula_values(std::uint32_t which, std::int64_t n) {
  std::vector<T> values(static_cast<std::size_t>(n));
  for (std::size_t k = 0; k < values.size(); ++k)
    values[k] = static_cast<T>(formula_value(which, static_cast<std::uint32_t>(k)));
  return values;
}

/// ||a - b|| / ||b||; NaN where sizes differ, so that no bound holds. ||a|| where b is zero.
template <class A, class B>
double relative_error(const std::vector<A>& a, const std::vector<B>& b) {
  if (a.size() != b.size()) return std::nan("");
  double difference = 0, norm = 0;
  for (std::size_t k = 0; k < a.size(); ++k) {
    const double d = static_cast<double>(a[k]) - static_cast<double>(b[k]);
    difference += d * d;
    norm += static_cast<double>(b[k]) * static_cast<double>(b[k]);
  }
  return std::sqrt(norm > 0 ? difference / norm : difference);
}

template <class To, class From>
std::vector<To> converted(const std::vector<From>& from) {
  std::vector<To> to;
  to.reserve(from.size());
  for (const From value : from) to.push_back(static_cast<To>(value));
  return to;
}
