// Each thread reads what its neighbour wrote to shared memory. check.sh compiles it with the
// barrier that this needs, and without.
#include <cstdio>
#include <cstdlib>

#include "emulator/sample.cuh"

struct cells {
  float values[64];
};

__global__ void neighbour(const float* from, float* to) {
  auto& s = sample::shared<cells>();
  const unsigned t = threadIdx.x;
  for (unsigned i = 0; i < 2; ++i) {
    s.values[t] = from[t] + static_cast<float>(i);
#ifndef WITHOUT_FIRST
    __syncthreads();
#endif
    // A warp's exchange orders that warp and nothing more.
    to[t] = __shfl_xor_sync(0xffffffffu, s.values[(t + 32) % 64], 1);
#ifndef WITHOUT_SECOND
    __syncthreads();
#endif
  }
}

int main() {
  const auto must = [](cudaError_t e) {
    if (e == cudaSuccess) return;
    std::puts(cudaGetErrorName(e));
    std::exit(3);
  };
  float host[64] = {}, *x = nullptr, *y = nullptr;
  must(cudaMalloc(&x, sizeof host));
  must(cudaMalloc(&y, sizeof host));
  must(cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice));
  const cudaLaunchConfig_t config{2, 64, 0, nullptr, nullptr, 0};
  must(cudaLaunchKernelEx(&config, neighbour, static_cast<const float*>(x), y));
  must(cudaDeviceSynchronize());
  std::puts("done");
}
