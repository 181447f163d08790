// The suite on a real device. Without one it is skipped, and says so.
#define CATCH_CONFIG_RUNNER
#include <cuda_runtime.h>

#include <cstdio>

#include "support/catch.hpp"

int main(int argc, char** argv) {
  int devices = 0;
  const cudaError_t code = cudaGetDeviceCount(&devices);
  if (code != cudaSuccess || devices == 0) {
    std::printf("SKIPPED: no CUDA device here (%s), so nothing was run on one\n",
                cudaGetErrorString(code));
    return 77;
  }
  cudaDeviceProp device{};
  if (cudaGetDeviceProperties(&device, 0) == cudaSuccess)
    std::printf("on %s, compute capability %d.%d\n", device.name, device.major, device.minor);
  return Catch::Session().run(argc, argv);
}
