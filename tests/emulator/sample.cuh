#pragma once
// Kernels that compile with nvcc and for the emulator: by element, a tiled product with barriers,
// and a sum by warps.
#include <cuda_runtime.h>

#ifndef TNN_CUDA_EMULATOR
namespace tnn_emulator {
__device__ inline void declare_shared(void*, unsigned long) {}
}  // namespace tnn_emulator
#endif

namespace sample {

/// The one place where shared memory is declared.
template <class T>
__device__ T& shared() {
  __shared__ T memory;
  tnn_emulator::declare_shared(&memory, sizeof memory);
  return memory;
}

__global__ void add(const float* a, const float* b, float* c, int n) {
  const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  if (i < n) c[i] = a[i] + b[i];
}

/// c = a b, all row by row; m, n and k are multiples of Tile and Depth. 64 threads, 8 x 8 values
/// each.
template <int Tile, int Depth>
__global__ void gemm(const float* a, const float* b, float* c, int n, int k) {
  constexpr int each = 8, side = Tile / each;
  struct tiles {
    float a[Depth][Tile], b[Depth][Tile];
  };
  auto& s = shared<tiles>();
  const int t = static_cast<int>(threadIdx.x), tx = t % side, ty = t / side;
  const int row = static_cast<int>(blockIdx.y) * Tile, column = static_cast<int>(blockIdx.x) * Tile;
  float sum[each][each] = {};
  for (int p = 0; p < k; p += Depth) {
    for (int i = t; i < Tile * Depth; i += side * side) {
      s.a[i % Depth][i / Depth] = a[(row + i / Depth) * k + p + i % Depth];
      s.b[i / Tile][i % Tile] = b[(p + i / Tile) * n + column + i % Tile];
    }
    __syncthreads();
    for (int d = 0; d < Depth; ++d)
      for (int i = 0; i < each; ++i)
        for (int j = 0; j < each; ++j) sum[i][j] += s.a[d][ty * each + i] * s.b[d][tx * each + j];
    __syncthreads();
  }
  for (int i = 0; i < each; ++i)
    for (int j = 0; j < each; ++j)
      c[(row + ty * each + i) * n + column + tx * each + j] = sum[i][j];
}

/// sums[block] = the sum of the block's 256 values.
__global__ void sum(const float* x, float* sums) {
  struct parts {
    float of[8];
  };
  auto& s = shared<parts>();
  const unsigned t = threadIdx.x;
  float v = x[blockIdx.x * blockDim.x + t];
  for (unsigned d = 16; d > 0; d /= 2) v += __shfl_down_sync(0xffffffffu, v, d);
  if (t % 32 == 0) s.of[t / 32] = v;
  __syncthreads();
  if (t < 32) {
    v = t < 8 ? s.of[t] : 0.0f;
    for (int m = 4; m > 0; m /= 2) v += __shfl_xor_sync(0xffffffffu, v, m);
    if (t == 0) sums[blockIdx.x] = v;
  }
}

}  // namespace sample
