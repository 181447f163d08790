#pragma once
// What the factors of a product are in memory: float, or rounded for tensor cores to tf32 (a float
// with 10 bits of mantissa: nearest, ties away from zero) or to bf16 (7 bits, ties to even). Sums
// are float in all three.
#include <cuda_bf16.h>

#include <tnn/backend/cuda/tensor_core.cuh>
#include <tnn/core/integers.hpp>

namespace tnn::detail {

struct fp32_factor {
  using stored = float;
  static constexpr bool on_tensor_cores = false;
  static __device__ __forceinline__ float rounded(float x) { return x; }
};
struct tf32_factor {
  using stored = float;
  static constexpr bool on_tensor_cores = true;
  static __device__ __forceinline__ float rounded(float x) { return to_tf32(x); }
};
struct bf16_factor {
  using stored = __nv_bfloat16;
  static constexpr bool on_tensor_cores = true;
  static __device__ __forceinline__ __nv_bfloat16 rounded(float x) { return __float2bfloat16(x); }
};

/// The 16 bytes of factors that travel together.
template <class Stored>
struct alignas(16) factor_piece {
  static constexpr int size = 16 / static_cast<int>(sizeof(Stored));
  Stored values[size];
};

/// n values as whole pieces.
template <class Stored>
constexpr int in_pieces(int n) {
  return round_up(n, factor_piece<Stored>::size);
}

}  // namespace tnn::detail
