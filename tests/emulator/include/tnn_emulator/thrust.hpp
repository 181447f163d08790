#pragma once
// Thrust's algorithms on a stream, with the checks that they make on a device: CUB's launch answers
// with the thread's last error, whoever made it, and Thrust takes that away and throws it as its
// system_error (CCCL 3: triple_chevron_launch.h, system/cuda/detail/util.h). Here Thrust is its
// serial system.
#include <thrust/execution_policy.h>
#include <thrust/system_error.h>

#include "stream.hpp"

namespace tnn_emulator {

/// f(policy), when the stream gets there; a graph that is captured keeps it.
template <class F>
void with_thrust(cudaStream_t stream, F f) {
  (void)enqueue(stream, [f] { f(thrust::device); });
  const cudaError_t status = cudaPeekAtLastError();
  cudaGetLastError();
  if (status != cudaSuccess)
    throw thrust::system_error(status, thrust::generic_category(), "parallel_for failed");
}

}  // namespace tnn_emulator
