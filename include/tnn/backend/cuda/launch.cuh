#pragma once
// Kernels are launched through cudaLaunchKernelEx, never <<<>>>: so any C++ compiler takes these
// files. The tests compile them against an emulator, which stands behind TNN_CUDA_EMULATOR in this
// file alone.
#include <cstdint>

#include <cuda_runtime.h>
#include <thrust/execution_policy.h>
#include <thrust/for_each.h>
#include <thrust/iterator/counting_iterator.h>
#include <thrust/system_error.h>

#include <tnn/backend/cuda/check.cuh>

#ifdef TNN_CUDA_EMULATOR
#include <tnn_emulator/thrust.hpp>
#endif

namespace tnn::detail {

// Unrolls the loop below it. A thread's array stays in registers only where each index is known to
// the compiler.
#ifdef __CUDACC__
#define TNN_UNROLL _Pragma("unroll")
#else
#define TNN_UNROLL
#endif

struct launch_shape {
  dim3 blocks, threads;
};

template <class... Parameters, class... Arguments>
void launch(cudaStream_t stream, launch_shape shape, void (*kernel)(Parameters...),
            Arguments... arguments) {
  cudaLaunchConfig_t config{};
  config.gridDim = shape.blocks;
  config.blockDim = shape.threads;
  config.stream = stream;
  check(cudaLaunchKernelEx(&config, kernel, static_cast<Parameters>(arguments)...),
        "cudaLaunchKernelEx");
}

/// Shared memory of a block, one T for each type T; its contents are undefined at first.
template <class T>
__device__ __forceinline__ T& shared() {
  __shared__ T memory;
#ifdef TNN_CUDA_EMULATOR
  tnn_emulator::declare_shared(&memory, sizeof memory);
#endif
  return memory;
}

/// The one way Thrust gets at the device's memory: f(policy), whose work neither synchronises nor
/// allocates, in the order of the stream.
template <class F>
void with_thrust(cudaStream_t stream, F f) {
  try {
#ifdef TNN_CUDA_EMULATOR
    tnn_emulator::with_thrust(stream, f);
#else
    f(thrust::cuda::par_nosync.on(stream));
#endif
  } catch (const thrust::system_error& failure) {
    check(static_cast<cudaError_t>(failure.code().value()), "thrust");
    throw;
  }
}

template <class F>
void for_each(cudaStream_t stream, std::int64_t n, F f) {
  if (n > 0)
    with_thrust(stream, [=](const auto& policy) {
      thrust::for_each_n(policy, thrust::counting_iterator<std::int64_t>(0), n, f);
    });
}

}  // namespace tnn::detail
