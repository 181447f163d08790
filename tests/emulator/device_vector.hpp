#pragma once
// Floats in device memory, and launches of one line, for the emulator's tests.
#include <cuda_runtime.h>

#include <vector>

#include "support/catch.hpp"

struct device_vector {
  explicit device_vector(const std::vector<float>& values) : size(values.size()) {
    REQUIRE(cudaMalloc(&data, size * sizeof(float)) == cudaSuccess);
    REQUIRE(cudaMemcpy(data, values.data(), size * sizeof(float), cudaMemcpyHostToDevice) ==
            cudaSuccess);
  }
  ~device_vector() { cudaFree(data); }
  device_vector(const device_vector&) = delete;
  device_vector& operator=(const device_vector&) = delete;

  std::vector<float> values() const {
    std::vector<float> v(size);
    REQUIRE(cudaMemcpy(v.data(), data, size * sizeof(float), cudaMemcpyDeviceToHost) ==
            cudaSuccess);
    return v;
  }

  float* data = nullptr;
  std::size_t size;
};

template <class... P, class... A>
cudaError_t launch(dim3 grid, dim3 block, void (*kernel)(P...), A... arguments) {
  const cudaLaunchConfig_t config{grid, block, 0, nullptr, nullptr, 0};
  return cudaLaunchKernelEx(&config, kernel, arguments...);
}

/// Failures pass through.
inline void synchronize() {
  const cudaError_t e = cudaDeviceSynchronize();
  CHECK(e == cudaSuccess);
}

/// The orders are forward again at the end.
struct orders_kept {
  ~orders_kept() { tnn_emulator::set_order(tnn_emulator::order::forward); }
};
