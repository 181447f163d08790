#pragma once
// BatchNorm on Cuda: a block a channel for what is summed, each thread every 256th value and then a
// tree, always the same one (row_sums.cuh); the rest as on every backend.
#include <tnn/backend/cuda/row_sums.cuh>
#include <tnn/layers/batchnorm/compute.hpp>

namespace tnn {

namespace detail {

/// A block's sum of f(i) over the places i of its channel, in every thread.
template <class X, class F>
__device__ __forceinline__ float channel_total(int batch, F f) {
  using planes = batchnorm_planes<X>;
  struct whole {
    float value;
  };
  auto& memory = shared<whole>();
  const std::int64_t all = batch * planes::places;
  float mine = 0;
  for (std::int64_t k = threadIdx.x; k < all; k += row_sums_threads)
    mine += f((k / planes::places * planes::channels + blockIdx.x) * planes::places +
              k % planes::places);
  const float sum = block_sum(mine);
  if (threadIdx.x == 0) memory.value = sum;
  __syncthreads();
  const float value = memory.value;
  __syncthreads();  // until all have read it
  return value;
}

template <class L, class X>
__global__ void __launch_bounds__(row_sums_threads)
    batchnorm_statistics_kernel(batchnorm_statistics<L, X, float> of) {
  const auto n = static_cast<float>(of.batch * batchnorm_planes<X>::places);
  const float* x = of.x;
  const float mean = channel_total<X>(of.batch, [=](std::int64_t i) { return x[i]; }) / n;
  const float var =
      channel_total<X>(of.batch, [=](std::int64_t i) { return (x[i] - mean) * (x[i] - mean); }) / n;
  if (threadIdx.x == 0) of.keep(blockIdx.x, mean, var);
}

template <class X>
__global__ void __launch_bounds__(row_sums_threads)
    batchnorm_gradients_kernel(batchnorm_gradients<X, float> of) {
  const float mean = of.kept[blockIdx.x];
  const float scale = of.kept[batchnorm_planes<X>::channels + blockIdx.x];
  const float *x = of.x, *dy = of.dy;
  const float db = channel_total<X>(of.batch, [=](std::int64_t i) { return dy[i]; });
  const float dw =
      channel_total<X>(of.batch, [=](std::int64_t i) { return dy[i] * (x[i] - mean); }) * scale;
  if (threadIdx.x != 0) return;
  of.dbias[blockIdx.x] = db;
  of.dweight[blockIdx.x] = dw;
}

/// The sums of batchnorm_compute.
struct batchnorm_by_block {
  template <class L, class X>
  static void sum(Cuda& cuda, const batchnorm_statistics<L, X, float>& f) {
    launch(cuda.stream(), shape<X>(), batchnorm_statistics_kernel<L, X>, f);
  }
  template <class X>
  static void sum(Cuda& cuda, const batchnorm_gradients<X, float>& f) {
    launch(cuda.stream(), shape<X>(), batchnorm_gradients_kernel<X>, f);
  }
  template <class X>
  static launch_shape shape() {
    return {dim3{static_cast<unsigned>(X::extent(0))}, dim3{row_sums_threads}};
  }
};

}  // namespace detail

template <class... O, class X>
struct compute<Cuda, float, bound<BatchNorm1d<O...>, X, X>>
    : detail::batchnorm_compute<BatchNorm1d<O...>, Cuda, float, X, detail::batchnorm_by_block> {};
template <class... O, class X>
struct compute<Cuda, float, bound<BatchNorm2d<O...>, X, X>>
    : detail::batchnorm_compute<BatchNorm2d<O...>, Cuda, float, X, detail::batchnorm_by_block> {};

}  // namespace tnn
