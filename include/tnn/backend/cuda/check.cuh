#pragma once
// Every failure of CUDA or cuBLAS becomes a cuda_error: the call, where it was made, the error's
// name and what it means, and where it is known what to do.
#include <string>

#include <cublas_v2.h>
#include <cuda_runtime.h>

#include <tnn/core/error.hpp>

namespace tnn {

struct cuda_error : error {
  using error::error;
};

namespace detail {

inline std::string advice_for(cudaError_t code) {
  switch (code) {
    case cudaErrorNoDevice:
      return "; no CUDA device was found: is one in this machine, and visible?";
    case cudaErrorInsufficientDriver:
      return "; the NVIDIA driver is missing or older than this program's CUDA";
    case cudaErrorMemoryAllocation:
      return "; a smaller batch needs less memory";
    case cudaErrorNoKernelImageForDevice:
      return "; this program holds no code for the device's architecture: build it with "
             "-DCMAKE_CUDA_ARCHITECTURES for it";
    default:
      return "";
  }
}

inline std::string failed(const char* call, const char* file, int line) {
  return std::string(call) + " failed (" + file + ":" + std::to_string(line) + "): ";
}

/// For calls in destructors, whose failure nothing can be done about: forgets the error, so that no
/// later check reports it.
inline void ignore(cudaError_t code) {
  if (code != cudaSuccess) cudaGetLastError();
}

}  // namespace detail

/// Throws unless the call has succeeded. CUDA remembers its last error until somebody asks for it.
/// Thrust asks after each of its launches, so an error left there would look like the failure of
/// Thrust's next launch: check() asks first. (Clang has std::source_location from 15 on.)
inline void check(cudaError_t code, const char* call, const char* file = __builtin_FILE(),
                  int line = __builtin_LINE()) {
  if (code == cudaSuccess) return;
  cudaGetLastError();
  throw cuda_error(detail::failed(call, file, line) + cudaGetErrorName(code) + ": " +
                   cudaGetErrorString(code) + detail::advice_for(code));
}

inline void check(cublasStatus_t status, const char* call, const char* file = __builtin_FILE(),
                  int line = __builtin_LINE()) {
  if (status == CUBLAS_STATUS_SUCCESS) return;
  cudaGetLastError();
  throw cuda_error(detail::failed(call, file, line) + cublasGetStatusName(status) + ": " +
                   cublasGetStatusString(status));
}

}  // namespace tnn
