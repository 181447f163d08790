#pragma once
// A single-threaded matrix product on memory of the caller. Eigen's own threaded product is not
// used: it rounds by the number of threads, and allocates its packing buffers at every call.
// Eigen's block loop and kernels are called one level below the public product, the only level that
// takes the packing buffers from outside; what Eigen does is the same.
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

namespace tnn {

/// How an operand lies in memory: as written, or transposed.
enum class stored { as_is, transposed };

/// Block sizes of the packed panels: depth x columns and depth x rows of C.
inline constexpr int gemm_depth = 256, gemm_columns = 192, gemm_rows = 512;

/// Values that gemm needs for packing, in a buffer aligned to 64 bytes.
inline constexpr std::int64_t gemm_packing = std::int64_t{gemm_depth} * (gemm_columns + gemm_rows);

/// C += op(A) op(B), all row-major: C is m x n with rows ldc apart, op(A) m x k, op(B) k x n. An
/// operand stored transposed has k (A) or n (B) rows in memory. Nothing is allocated.
template <stored A, stored B, class T>
void gemm(std::int64_t m, std::int64_t n, std::int64_t k, const T* a, std::int64_t lda, const T* b,
          std::int64_t ldb, T* c, std::int64_t ldc, T* packing) {
  struct blocking : Eigen::internal::level3_blocking<T, T> {
    explicit blocking(T* memory) {
      this->m_kc = gemm_depth;
      this->m_mc = gemm_columns;
      this->m_nc = gemm_rows;
      this->m_blockA = memory;
      this->m_blockB = memory + std::int64_t{gemm_depth} * gemm_columns;
    }
  } blocks{packing};
  // Eigen's result is column-major, so it computes C^T (n, m) = op(B)^T (n, k) x op(A)^T (k, m).
  constexpr int left = B == stored::as_is ? Eigen::ColMajor : Eigen::RowMajor;
  constexpr int right = A == stored::as_is ? Eigen::ColMajor : Eigen::RowMajor;
  using product = Eigen::internal::general_matrix_matrix_product<std::int64_t, T, left, false, T,
                                                                 right, false, Eigen::ColMajor, 1>;
  product::run(n, m, k, b, ldb, a, lda, c, 1, ldc, T{1}, blocks, nullptr);
}

}  // namespace tnn
