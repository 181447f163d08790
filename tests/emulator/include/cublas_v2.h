#pragma once
// cuBLAS's product, as a plain column-major loop that checks what it is given:
//   c = alpha op(a) op(b) + beta c,   (m x k) x (k x n), element (i, j) of a matrix at i + j * ld.
// Wrong sizes get cuBLAS's codes at the call; an operand that leaves its allocation, a result that
// overlaps one, and a null pointer are failures when the product runs. With beta 0, c isn't read.
#include <cuda_runtime.h>

#include <algorithm>
#include <cstdint>
#include <set>

#include "tnn_emulator/product.hpp"
#include "tnn_emulator/rounding.hpp"

enum cublasStatus_t {
  CUBLAS_STATUS_SUCCESS = 0,
  CUBLAS_STATUS_NOT_INITIALIZED = 1,
  CUBLAS_STATUS_ALLOC_FAILED = 3,
  CUBLAS_STATUS_INVALID_VALUE = 7,
  CUBLAS_STATUS_ARCH_MISMATCH = 8,
  CUBLAS_STATUS_MAPPING_ERROR = 11,
  CUBLAS_STATUS_EXECUTION_FAILED = 13,
  CUBLAS_STATUS_INTERNAL_ERROR = 14,
  CUBLAS_STATUS_NOT_SUPPORTED = 15
};
enum cublasOperation_t { CUBLAS_OP_N = 0, CUBLAS_OP_T = 1, CUBLAS_OP_C = 2 };
enum cublasPointerMode_t { CUBLAS_POINTER_MODE_HOST = 0, CUBLAS_POINTER_MODE_DEVICE = 1 };
enum cublasMath_t {
  CUBLAS_DEFAULT_MATH = 0,
  CUBLAS_PEDANTIC_MATH = 2,
  CUBLAS_TF32_TENSOR_OP_MATH = 3,
  CUBLAS_MATH_DISALLOW_REDUCED_PRECISION_REDUCTION = 16
};
enum cublasComputeType_t {
  CUBLAS_COMPUTE_32F = 68,
  CUBLAS_COMPUTE_32F_PEDANTIC = 69,
  CUBLAS_COMPUTE_32F_FAST_16BF = 75,
  CUBLAS_COMPUTE_32F_FAST_TF32 = 77,
  CUBLAS_COMPUTE_64F = 70
};
enum cublasGemmAlgo_t { CUBLAS_GEMM_DEFAULT = -1, CUBLAS_GEMM_DEFAULT_TENSOR_OP = 99 };
enum cudaDataType { CUDA_R_32F = 0, CUDA_R_64F = 1, CUDA_R_16F = 2, CUDA_R_16BF = 14 };

struct cublasContext {
  cudaStream_t stream = nullptr;
  void* workspace = nullptr;
  std::size_t workspace_size = 0;
  cublasMath_t math = CUBLAS_DEFAULT_MATH;
  cublasPointerMode_t pointers = CUBLAS_POINTER_MODE_HOST;
};
using cublasHandle_t = cublasContext*;

#define cublasCreate cublasCreate_v2
#define cublasDestroy cublasDestroy_v2
#define cublasSetStream cublasSetStream_v2
#define cublasGetStream cublasGetStream_v2
#define cublasSetWorkspace cublasSetWorkspace_v2
#define cublasSetPointerMode cublasSetPointerMode_v2
#define cublasSgemm cublasSgemm_v2

inline const char* cublasGetStatusName(cublasStatus_t status) {
  switch (status) {
#define TNN_EMULATOR_STATUS(name) \
  case name:                      \
    return #name
    TNN_EMULATOR_STATUS(CUBLAS_STATUS_SUCCESS);
    TNN_EMULATOR_STATUS(CUBLAS_STATUS_NOT_INITIALIZED);
    TNN_EMULATOR_STATUS(CUBLAS_STATUS_ALLOC_FAILED);
    TNN_EMULATOR_STATUS(CUBLAS_STATUS_INVALID_VALUE);
    TNN_EMULATOR_STATUS(CUBLAS_STATUS_ARCH_MISMATCH);
    TNN_EMULATOR_STATUS(CUBLAS_STATUS_MAPPING_ERROR);
    TNN_EMULATOR_STATUS(CUBLAS_STATUS_EXECUTION_FAILED);
    TNN_EMULATOR_STATUS(CUBLAS_STATUS_INTERNAL_ERROR);
    TNN_EMULATOR_STATUS(CUBLAS_STATUS_NOT_SUPPORTED);
#undef TNN_EMULATOR_STATUS
  }
  return "unknown";
}
inline const char* cublasGetStatusString(cublasStatus_t status) {
  return status == CUBLAS_STATUS_SUCCESS ? "success" : cublasGetStatusName(status);
}

namespace tnn_emulator {

inline std::set<cublasHandle_t>& handles() {
  static std::set<cublasHandle_t> all;
  return all;
}

/// The body of a cuBLAS call on a live handle.
template <class F>
cublasStatus_t with(cublasHandle_t handle, F f) {
  const std::lock_guard lock(the().mutex);
  return handles().contains(handle) ? f(*handle) : CUBLAS_STATUS_NOT_INITIALIZED;
}

}  // namespace tnn_emulator

inline cublasStatus_t cublasCreate_v2(cublasHandle_t* to) {
  const std::lock_guard lock(tnn_emulator::the().mutex);
  // It allocates.
  if (tnn_emulator::unsafe_call() != cudaSuccess) return CUBLAS_STATUS_NOT_INITIALIZED;
  tnn_emulator::handles().insert(*to = new cublasContext);
  return CUBLAS_STATUS_SUCCESS;
}
/// Waits for the device, as cuBLAS does.
inline cublasStatus_t cublasDestroy_v2(cublasHandle_t handle) {
  return tnn_emulator::with(handle, [&](cublasContext& h) {
    tnn_emulator::run_all();
    tnn_emulator::handles().erase(handle);
    delete &h;
    return CUBLAS_STATUS_SUCCESS;
  });
}
inline cublasStatus_t cublasSetStream_v2(cublasHandle_t handle, cudaStream_t stream) {
  return tnn_emulator::with(handle, [&](cublasContext& h) {
    if (tnn_emulator::find(stream) == nullptr) return CUBLAS_STATUS_INVALID_VALUE;
    h.stream = stream;
    h.workspace = nullptr, h.workspace_size = 0;  // the one given is forgotten, as by cuBLAS
    return CUBLAS_STATUS_SUCCESS;
  });
}
inline cublasStatus_t cublasGetStream_v2(cublasHandle_t handle, cudaStream_t* stream) {
  return tnn_emulator::with(handle, [&](const cublasContext& h) {
    *stream = h.stream;
    return CUBLAS_STATUS_SUCCESS;
  });
}
inline cublasStatus_t cublasSetWorkspace_v2(cublasHandle_t handle, void* workspace,
                                            std::size_t size) {
  return tnn_emulator::with(handle, [&](cublasContext& h) {
    if (size > 0 && (tnn_emulator::memory().holding(workspace, size) == nullptr ||
                     reinterpret_cast<std::uintptr_t>(workspace) % 256 != 0))
      return CUBLAS_STATUS_INVALID_VALUE;
    h.workspace = workspace, h.workspace_size = size;
    return CUBLAS_STATUS_SUCCESS;
  });
}
inline cublasStatus_t cublasSetMathMode(cublasHandle_t handle, cublasMath_t mode) {
  return tnn_emulator::with(handle, [&](cublasContext& h) {
    h.math = mode;
    return CUBLAS_STATUS_SUCCESS;
  });
}
inline cublasStatus_t cublasGetMathMode(cublasHandle_t handle, cublasMath_t* mode) {
  return tnn_emulator::with(handle, [&](const cublasContext& h) {
    *mode = h.math;
    return CUBLAS_STATUS_SUCCESS;
  });
}
inline cublasStatus_t cublasSetPointerMode_v2(cublasHandle_t handle, cublasPointerMode_t mode) {
  return tnn_emulator::with(handle, [&](cublasContext& h) {
    h.pointers = mode;
    return CUBLAS_STATUS_SUCCESS;
  });
}

namespace tnn_emulator {

/// How a compute type takes its factors.
inline auto rounding_of(cublasComputeType_t compute) -> float (*)(float) {
  if (compute == CUBLAS_COMPUTE_32F_FAST_16BF) return [](float x) { return from_bf16(to_bf16(x)); };
  if (compute == CUBLAS_COMPUTE_32F_FAST_TF32) return to_tf32;
  return nullptr;
}

inline cublasStatus_t gemm(const char* call, cublasHandle_t handle, cublasOperation_t transpose_a,
                           cublasOperation_t transpose_b, int m, int n, int k, const float* alpha,
                           const float* a, int lda, const float* b, int ldb, const float* beta,
                           float* c, int ldc, cublasComputeType_t compute) {
  return with(handle, [&](const cublasContext& h) {
    const bool ta = transpose_a != CUBLAS_OP_N, tb = transpose_b != CUBLAS_OP_N;
    if (m < 0 || n < 0 || k < 0 || lda < std::max(1, ta ? k : m) || ldb < std::max(1, tb ? n : k) ||
        ldc < std::max(1, m) || alpha == nullptr || beta == nullptr)
      return CUBLAS_STATUS_INVALID_VALUE;
    if (m == 0 || n == 0) return CUBLAS_STATUS_SUCCESS;
    const product p{{"a", a, ta ? k : m, ta ? m : k, lda},
                    {"b", b, tb ? n : k, tb ? k : n, ldb},
                    {"c", c, m, n, ldc},
                    ta,
                    tb,
                    m,
                    n,
                    k,
                    rounding_of(compute)};
    // On the host they are read now, on the device when the product runs.
    const bool on_host = h.pointers == CUBLAS_POINTER_MODE_HOST;
    const float alpha_now = on_host ? *alpha : 0, beta_now = on_host ? *beta : 0;
    const cudaError_t e = submit_here(h.stream, call, [=] {
      // What the workspace held is lost.
      if (h.workspace_size > 0) std::memset(h.workspace, poison, h.workspace_size);
      p.run(on_host ? alpha_now : *alpha, on_host ? beta_now : *beta);
    });
    return e == cudaSuccess ? CUBLAS_STATUS_SUCCESS : CUBLAS_STATUS_EXECUTION_FAILED;
  });
}

}  // namespace tnn_emulator

/// In fp32, or in tf32 where the handle's math mode says so.
inline cublasStatus_t cublasSgemm_v2(cublasHandle_t handle, cublasOperation_t transpose_a,
                                     cublasOperation_t transpose_b, int m, int n, int k,
                                     const float* alpha, const float* a, int lda, const float* b,
                                     int ldb, const float* beta, float* c, int ldc) {
  cublasMath_t mode = CUBLAS_DEFAULT_MATH;
  cublasGetMathMode(handle, &mode);
  const auto compute =
      mode == CUBLAS_TF32_TENSOR_OP_MATH ? CUBLAS_COMPUTE_32F_FAST_TF32 : CUBLAS_COMPUTE_32F;
  return tnn_emulator::gemm("cublasSgemm", handle, transpose_a, transpose_b, m, n, k, alpha, a, lda,
                            b, ldb, beta, c, ldc, compute);
}

/// Floats only, in fp32 or with factors rounded to tf32 or bf16.
inline cublasStatus_t cublasGemmEx(cublasHandle_t handle, cublasOperation_t transpose_a,
                                   cublasOperation_t transpose_b, int m, int n, int k,
                                   const void* alpha, const void* a, cudaDataType a_type, int lda,
                                   const void* b, cudaDataType b_type, int ldb, const void* beta,
                                   void* c, cudaDataType c_type, int ldc,
                                   cublasComputeType_t compute, cublasGemmAlgo_t) {
  if (a_type != CUDA_R_32F || b_type != CUDA_R_32F || c_type != CUDA_R_32F ||
      compute == CUBLAS_COMPUTE_64F)
    return CUBLAS_STATUS_NOT_SUPPORTED;
  return tnn_emulator::gemm("cublasGemmEx", handle, transpose_a, transpose_b, m, n, k,
                            static_cast<const float*>(alpha), static_cast<const float*>(a), lda,
                            static_cast<const float*>(b), ldb, static_cast<const float*>(beta),
                            static_cast<float*>(c), ldc, compute);
}
