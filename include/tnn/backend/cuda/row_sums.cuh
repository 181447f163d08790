#pragma once
// sum[r] over all samples and places of x (N, Rows, Places): a block a row. A thread adds every
// 256th value, then the block adds its threads in a tree, always the same one.
#include <tnn/backend/cuda/launch.cuh>

namespace tnn::detail {

inline constexpr int row_sums_threads = 256;

/// The sum of one value a thread, in thread 0.
__device__ __forceinline__ float block_sum(float value) {
  struct warps {
    float sum[row_sums_threads / 32];
  };
  auto& memory = shared<warps>();
  const int lane = static_cast<int>(threadIdx.x) % 32, warp = static_cast<int>(threadIdx.x) / 32;
  for (unsigned step = 16; step > 0; step /= 2) value += __shfl_down_sync(0xffffffffu, value, step);
  if (lane == 0) memory.sum[warp] = value;
  __syncthreads();
  float all = 0;
  if (threadIdx.x == 0)
    for (int w = 0; w < row_sums_threads / 32; ++w) all += memory.sum[w];
  return all;
}

template <int Rows, int Places>
__global__ void __launch_bounds__(row_sums_threads)
    row_sums_kernel(const float* x, float* sum, int samples) {
  const float* row = x + static_cast<std::int64_t>(blockIdx.x) * Places;
  const std::int64_t all = static_cast<std::int64_t>(samples) * Places;
  float mine = 0;
  for (std::int64_t i = threadIdx.x; i < all; i += row_sums_threads)
    mine += row[i / Places * (std::int64_t{Rows} * Places) + i % Places];
  const float whole = block_sum(mine);
  if (threadIdx.x == 0) sum[blockIdx.x] = whole;
}

template <int Rows, int Places>
void row_sums(cudaStream_t stream, const float* x, float* sum, int samples) {
  launch(stream, {dim3{Rows}, dim3{row_sums_threads}}, row_sums_kernel<Rows, Places>, x, sum,
         samples);
}

}  // namespace tnn::detail
