#pragma once
// Memory of the caller as an Eigen array, for what its packet code does best: sums and the like.
#include <cstdint>

// GCC 12 takes AVX-512 intrinsics, once inlined, for reads of unset memory (its bug 105593).
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#include <Eigen/Core>
#pragma GCC diagnostic pop
#else
#include <Eigen/Core>
#endif

namespace tnn::detail {

template <class T>
auto array(const T* values, std::int64_t n) {
  return Eigen::Map<const Eigen::Array<T, Eigen::Dynamic, 1>>(values, n);
}

}  // namespace tnn::detail
