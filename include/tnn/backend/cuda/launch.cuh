#pragma once
// Kernels are launched through cudaLaunchKernelEx, never <<<>>>: so any C++ compiler takes these
// files. The tests compile them against an emulator, which stands behind TNN_CUDA_EMULATOR in this
// file and in tensor_core.cuh alone.
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

// Unrolls the loop below it, wholly or by N, or leaves it a loop. A thread's array stays in
// registers only where each index is known to the compiler, but what is unrolled may ask for more
// registers.
#ifdef __CUDACC__
#define TNN_PRAGMA(text) _Pragma(#text)
#define TNN_UNROLL _Pragma("unroll")
#define TNN_UNROLL_BY(n) TNN_PRAGMA(unroll n)
#else
#define TNN_UNROLL
#define TNN_UNROLL_BY(n)
#endif

struct launch_shape {
  dim3 blocks, threads;
  int shared = 0;  ///< bytes that launched_shared() gives each block
};

template <class... Parameters, class... Arguments>
void launch(cudaStream_t stream, launch_shape shape, void (*kernel)(Parameters...),
            Arguments... arguments) {
  cudaLaunchConfig_t config{};
  config.gridDim = shape.blocks;
  config.blockDim = shape.threads;
  config.stream = stream;
  config.dynamicSmemBytes = static_cast<std::size_t>(shape.shared);
  if (shape.shared > 48 * 1024)  // more than this a kernel has to ask for
    check(cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, shape.shared),
          "cudaFuncSetAttribute");
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

/// The same of the shared memory that the launch asks for, and so more than 48 KB.
template <class T>
__device__ __forceinline__ T& launched_shared() {
#ifdef TNN_CUDA_EMULATOR
  return *tnn_emulator::dynamic_shared<T>();
#else
  extern __shared__ __align__(128) unsigned char tnn_launched_shared[];
  return *reinterpret_cast<T*>(tnn_launched_shared);
#endif
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
