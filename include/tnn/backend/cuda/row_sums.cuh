#pragma once
// sum[r] over all samples and places of x (N, Rows, Places): some blocks a row, each of whole
// samples. A thread adds every 256th value, each warp adds its threads in a tree, thread 0 the
// warps in order; the sums of blocks are added up in order.
#include <algorithm>

#include <tnn/backend/cuda/launch.cuh>
#include <tnn/core/integers.hpp>
#include <tnn/layers/add_up.hpp>

namespace tnn::detail {

inline constexpr int row_sums_threads = 256;

/// The sum of one value a thread, in thread 0.
__device__ __forceinline__ float block_sum(float value) {
  struct warps {
    float sum[row_sums_threads / 32];
  };
  auto& memory = shared<warps>();
  const int lane = static_cast<int>(threadIdx.x) % 32, warp = static_cast<int>(threadIdx.x) / 32;
  for (unsigned distance = 16; distance > 0; distance /= 2)
    value += __shfl_down_sync(0xffffffffu, value, distance);
  if (lane == 0) memory.sum[warp] = value;
  __syncthreads();
  float all = 0;
  if (threadIdx.x == 0)
    for (int w = 0; w < row_sums_threads / 32; ++w) all += memory.sum[w];
  return all;
}

/// Blocks of a row: 1024 in all, of 8 warps, fill a device of 128 multiprocessors.
constexpr int row_sums_parts(int rows, int samples) {
  return std::clamp(1024 / rows, 1, std::max(samples, 1));
}

/// Part blockIdx.y: so many samples, whose places an int numbers.
template <int Rows, int Places>
__global__ void __launch_bounds__(row_sums_threads)
    row_sums_kernel(const float* x, float* parts, int samples, int part) {
  const int first = static_cast<int>(blockIdx.y) * part;
  const int here = samples - first < part ? samples - first : part;
  const float* row = x + (std::int64_t{first} * Rows + blockIdx.x) * Places;
  const int all = here * Places;
  float mine = 0;
  TNN_UNROLL_BY(4)  // loads that are under way together
  for (int i = static_cast<int>(threadIdx.x); i < all; i += row_sums_threads)
    mine += row[i / Places * (std::int64_t{Rows} * Places) + i % Places];
  const float whole = block_sum(mine);
  if (threadIdx.x == 0) parts[blockIdx.y * Rows + blockIdx.x] = whole;
}

/// scratch: row_sums_parts(Rows, samples) x Rows values.
template <int Rows, int Places>
void row_sums(cudaStream_t stream, const float* x, float* sum, int samples, float* scratch) {
  const int most = row_sums_parts(Rows, samples);
  const int part = ceil_div(samples, most), parts = ceil_div(samples, part);
  launch(stream, {dim3{Rows, static_cast<unsigned>(parts)}, dim3{row_sums_threads}},
         row_sums_kernel<Rows, Places>, x, parts > 1 ? scratch : sum, samples, part);
  if (parts > 1) for_each(stream, Rows, add_up<float>{scratch, sum, Rows, parts});
}

}  // namespace tnn::detail
