#pragma once
// Launches: CUDA's checks of the configuration at the call, the blocks when the stream gets there.
#include <memory>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "device.hpp"
#include "pipeline.hpp"
#include "stream.hpp"
#include "symbol.hpp"

namespace tnn_emulator {

/// What is known of each kernel.
struct kernel_record {
  std::string name;
  std::size_t dynamic_limit = device::shared_memory;
};
inline kernel_record& kernel_at(const void* kernel) {
  static std::unordered_map<const void*, kernel_record> all;
  const auto [at, is_new] = all.try_emplace(kernel);
  if (is_new) at->second.name = symbol_at(kernel);
  return at->second;
}

struct launch {
  std::string name;
  dim3 grid, shape;
  std::size_t dynamic_size;
  std::function<void()> kernel;

  void run() const {
    block& b = running();
    b.set_shape(shape);
    b.kernel = kernel;
    blockDim = shape, gridDim = grid;
    shared().dynamic_size = dynamic_size;
    the().in_kernel = true;
    const std::uint64_t blocks = std::uint64_t{grid.x} * grid.y * grid.z;
    const permutation in_order(the().order.blocks, blocks);
    for (std::uint64_t i = 0; i < blocks; ++i) {
      const std::uint64_t k = in_order(i);
      blockIdx = {static_cast<unsigned>(k % grid.x), static_cast<unsigned>(k / grid.x % grid.y),
                  static_cast<unsigned>(k / grid.x / grid.y)};
      b.begin();
      shared().begin_block();
      for (unsigned t = 0; t < b.size; ++t) pipeline_of(t).begin();
      run_block();
      for (unsigned t = 0; t < b.size; ++t)
        if (pipeline_of(t).under_way())
          throw failure(the().doing + ", block " + text(blockIdx) + ": thread " + text(b.place(t)) +
                        " ends with copies under way");
      shared().end_block();
    }
    the().in_kernel = false;
  }
};

inline cudaError_t check(const cudaLaunchConfig_t& c, const kernel_record& kernel) {
  const dim3 g = c.gridDim, b = c.blockDim;
  if (g.x == 0 || g.y == 0 || g.z == 0 || b.x == 0 || b.y == 0 || b.z == 0 || g.x > INT_MAX ||
      g.y > device::grid_yz || g.z > device::grid_yz || b.x > device::block_threads ||
      b.y > device::block_threads || b.z > device::block_z ||
      b.x * b.y * b.z > device::block_threads)
    return cudaErrorInvalidConfiguration;
  if (c.dynamicSmemBytes > kernel.dynamic_limit) return cudaErrorInvalidValue;
  if (c.numAttrs != 0) return cudaErrorNotSupported;
  return cudaSuccess;
}

}  // namespace tnn_emulator

template <class... Parameters, class... Arguments>
cudaError_t cudaLaunchKernelEx(const cudaLaunchConfig_t* config, void (*kernel)(Parameters...),
                               Arguments&&... arguments) {
  return tnn_emulator::call([&] {
    const auto& record = tnn_emulator::kernel_at(reinterpret_cast<const void*>(kernel));
    if (const cudaError_t e = check(*config, record); e != cudaSuccess) return e;
    // Arguments are taken now, as CUDA does, and given to each thread by value.
    const auto all = std::tuple<Parameters...>(std::forward<Arguments>(arguments)...);
    tnn_emulator::launch l{"kernel " + record.name, config->gridDim, config->blockDim,
                           config->dynamicSmemBytes, [kernel, all] { std::apply(kernel, all); }};
    const std::string name = l.name;
    return tnn_emulator::submit_here(config->stream, name, [l = std::move(l)] { l.run(); });
  });
}

inline cudaError_t tnn_emulator_set_attribute(const void* kernel, cudaFuncAttribute attribute,
                                              int value) {
  return tnn_emulator::call([&] {
    if (attribute != cudaFuncAttributeMaxDynamicSharedMemorySize) return cudaSuccess;
    if (value < 0 || static_cast<std::size_t>(value) > tnn_emulator::device::shared_memory_opted_in)
      return cudaErrorInvalidValue;
    tnn_emulator::kernel_at(kernel).dynamic_limit = static_cast<std::size_t>(value);
    return cudaSuccess;
  });
}
template <class... Parameters>
cudaError_t cudaFuncSetAttribute(void (*kernel)(Parameters...), cudaFuncAttribute attribute,
                                 int value) {
  return tnn_emulator_set_attribute(reinterpret_cast<const void*>(kernel), attribute, value);
}
inline cudaError_t cudaFuncSetAttribute(const void* kernel, cudaFuncAttribute attribute,
                                        int value) {
  return tnn_emulator_set_attribute(kernel, attribute, value);
}

inline cudaError_t cudaFuncGetAttributes(cudaFuncAttributes* to, const void* kernel) {
  return tnn_emulator::call([&] {
    const std::size_t limit = tnn_emulator::kernel_at(kernel).dynamic_limit;
    *to = {0,
           0,
           0,
           1024,
           64,
           tnn_emulator::device::built_for,
           tnn_emulator::device::capability,
           static_cast<int>(limit)};
    return cudaSuccess;
  });
}
template <class... Parameters>
cudaError_t cudaFuncGetAttributes(cudaFuncAttributes* to, void (*kernel)(Parameters...)) {
  return cudaFuncGetAttributes(to, reinterpret_cast<const void*>(kernel));
}
