// Barriers, exchanges and shared memory: what CUDA leaves undefined is a failure that says where.
#include <cmath>

#include "emulator/child.hpp"
#include "emulator/device_vector.hpp"
#include "emulator/sample.cuh"

using tnn_emulator::order;

namespace {

constexpr unsigned full = 0xffffffffu;

__global__ void some_leave(unsigned first) {
  if (threadIdx.x >= first) return;
  __syncthreads();
}
__global__ void two_barriers() {
  if (threadIdx.x < 32) {
    __syncthreads();
  } else {
    __syncthreads();
  }
}
__global__ void barrier_and_vote() {
  if (threadIdx.x == 3)
    __syncthreads();
  else
    __all_sync(full, 1);
}
__global__ void lane_leaves() {
  if (threadIdx.x != 7) __syncwarp(full);
}
__global__ void shuffle_with(unsigned mask, int source) { __shfl_sync(mask, 1.0f, source); }
__global__ void two_masks() { __ballot_sync(threadIdx.x % 2 == 0 ? full : full - 1, 1); }
__global__ void two_calls() {
  if (threadIdx.x < 16)
    __any_sync(full, 1);
  else
    __all_sync(full, 1);
}
__global__ void width_of_six() { __shfl_down_sync(full, 1, 1, 6); }
__global__ void throws() {
  if (threadIdx.x == 2) throw std::runtime_error("no such thing");
}
__global__ void nothing() {}

struct large {
  float values[12289];
};
__global__ void too_much() { sample::shared<large>().values[0] = 1; }

struct cells {
  float values[64];
};
/// What the block finds in shared memory before it writes there.
__global__ void what_was(float* found) {
  auto& s = sample::shared<cells>();
  found[blockIdx.x * blockDim.x + threadIdx.x] = s.values[threadIdx.x];
  __syncthreads();
  s.values[threadIdx.x] = 1;
}
__global__ void dynamic(float* to, int size, int at) {
  auto* const s = tnn_emulator::dynamic_shared<float>();
  if (threadIdx.x == 0)
    for (int i = 0; i < size; ++i) s[i] = static_cast<float>(i);
  __syncthreads();
  to[threadIdx.x] = s[at];
  __syncthreads();
  if (at < 0 && threadIdx.x == 0) s[at] = 0;
}

cudaError_t launch_dynamic(void (*kernel)(float*, int, int), std::size_t bytes, float* to, int size,
                           int at) {
  const cudaLaunchConfig_t config{1, 32, bytes, nullptr, nullptr, 0};
  return cudaLaunchKernelEx(&config, kernel, to, size, at);
}

}  // namespace

TEST_CASE("a barrier that not all threads reach") {
  const orders_kept kept;
  tnn_emulator::set_order(GENERATE(order::forward, order::reverse, order::random), 11);
  CHECK(fails(
      [] {
        launch(2, {8, 8}, some_leave, 5u), synchronize();
      },
      "some_leave(unsigned int)", "block (", "waits at __syncthreads (",
      "blocks.cpp:", "has exited"));
  CHECK(fails([] { launch(1, 64, two_barriers), synchronize(); }, "two_barriers()",
              "block (0, 0, 0)", "waits at __syncthreads (", "while others wait at "));
  CHECK(fails([] { launch(1, 32, barrier_and_vote), synchronize(); }, "barrier_and_vote()",
              "__all_sync", "__syncthreads", "(3, 0, 0)"));
  // And the emulator works on.
  CHECK(failure_of([] { launch(2, 64, some_leave, 64u), synchronize(); }) == "");
}

TEST_CASE("an exchange that not all named lanes reach") {
  const orders_kept kept;
  tnn_emulator::set_order(GENERATE(order::forward, order::reverse, order::random), 5);
  CHECK(fails([] { launch(1, 64, lane_leaves), synchronize(); }, "lane_leaves()", "__syncwarp",
              "thread (7, 0, 0) has exited"));
  CHECK(fails([] { launch(1, 32, two_masks), synchronize(); }, "two_masks()", "mask"));
  CHECK(fails([] { launch(1, 32, two_calls), synchronize(); }, "two_calls()", "__any_sync",
              "__all_sync"));
  CHECK(fails([] { launch(1, 32, shuffle_with, 0xffffu, 0), synchronize(); }, "shuffle_with",
              "is not named by the mask"));
  CHECK(fails([] { launch(1, 16, shuffle_with, full, 0), synchronize(); }, "shuffle_with",
              "lanes that the block does not have"));
  CHECK(fails([] { launch(1, 16, shuffle_with, 0xffffu, 20), synchronize(); }, "shuffle_with",
              "reads lane 20"));
  CHECK(fails([] { launch(1, 32, width_of_six), synchronize(); }, "width_of_six", "width 6"));
  CHECK(failure_of([] { launch(1, 16, shuffle_with, 0xffffu, 3), synchronize(); }) == "");
}

TEST_CASE("an exception in a kernel") {
  CHECK(fails([] { launch(1, 4, throws), synchronize(); }, "throws()", "thread (2, 0, 0)",
              "no such thing"));
}

TEST_CASE("shared memory is NaN when a block starts") {
  const orders_kept kept;
  tnn_emulator::set_order(GENERATE(order::forward, order::reverse, order::random));
  const device_vector found(std::vector<float>(3 * 64));
  REQUIRE(launch(3, 64, what_was, found.data) == cudaSuccess);
  for (const float x : found.values()) CHECK(std::isnan(x));
}

TEST_CASE("shared memory has its limits") {
  CHECK(fails([] { launch(1, 1, too_much), synchronize(); }, "too_much()",
              "49156 bytes of static shared memory"));
  const device_vector to(std::vector<float>(32));
  CHECK(launch_dynamic(dynamic, 49152, to.data, 12288, 100) == cudaSuccess);
  CHECK(to.values()[0] == 100);
  CHECK(launch_dynamic(dynamic, 49153, to.data, 1, 0) == cudaErrorInvalidValue);
  constexpr auto attribute = cudaFuncAttributeMaxDynamicSharedMemorySize;
  CHECK(cudaFuncSetAttribute(dynamic, attribute, 99 * 1024 + 1) == cudaErrorInvalidValue);
  CHECK(cudaFuncSetAttribute(dynamic, attribute, 99 * 1024) == cudaSuccess);
  CHECK(launch_dynamic(dynamic, 99 * 1024, to.data, 99 * 256, 99 * 256 - 1) == cudaSuccess);
  CHECK(to.values()[0] == 99 * 256 - 1);
  CHECK(launch_dynamic(dynamic, 99 * 1024 + 1, to.data, 1, 0) == cudaErrorInvalidValue);
  CHECK(cudaFuncSetAttribute(dynamic, attribute, 48 * 1024) == cudaSuccess);
  cudaGetLastError();
}

TEST_CASE("dynamic shared memory is left on neither side") {
  const device_vector to(std::vector<float>(32));
  const auto past = [&] { launch_dynamic(dynamic, 64, to.data, 17, 0), synchronize(); };
  CHECK(death_of(past).signal == SIGSEGV);
  CHECK(death_of(past).says("dynamic(float*, int, int)"));
  CHECK(fails([&] { launch_dynamic(dynamic, 64, to.data, 16, -1), synchronize(); }, "dynamic",
              "before its dynamic shared memory"));
}

TEST_CASE("a launch that CUDA refuses") {
  const dim3 one(1);
  const auto refused = cudaErrorInvalidConfiguration;
  CHECK(launch(one, 1025, nothing) == refused);
  CHECK(launch(one, {32, 33}, nothing) == refused);
  CHECK(launch(one, {1, 1, 65}, nothing) == refused);
  CHECK(launch(one, 0, nothing) == refused);
  CHECK(launch(0, one, nothing) == refused);
  CHECK(launch({1, 65536}, one, nothing) == refused);
  CHECK(launch({1, 1, 65536}, one, nothing) == refused);
  CHECK(launch(0x80000000u, one, nothing) == refused);
  CHECK(cudaGetLastError() == refused);
  CHECK(launch({1, 1, 1}, {1, 1, 64}, nothing) == cudaSuccess);
  CHECK(launch({2, 3, 4}, 1024, nothing) == cudaSuccess);
  const cudaLaunchConfig_t config{one, one, 0, reinterpret_cast<cudaStream_t>(16), nullptr, 0};
  CHECK(cudaLaunchKernelEx(&config, nothing) == cudaErrorInvalidResourceHandle);
  CHECK(cudaGetLastError() == cudaErrorInvalidResourceHandle);
  synchronize();
}
