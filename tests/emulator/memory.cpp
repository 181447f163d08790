// Device memory is closed to the host, and leaves no mistake of a kernel unseen.
#include <cmath>
#include <cstring>

#include "emulator/child.hpp"
#include "emulator/device_vector.hpp"

namespace {

__global__ void write_at(float* p, long i) { p[i] = 1; }
__global__ void read_at(const float* p, long i, float* to) { to[0] = p[i]; }
__global__ void load_four(const float* p, float* to) {
  to[0] = __ldg(reinterpret_cast<const float4*>(p)).x;
}
__global__ void deep(float* to, int n) {
  volatile char much[1000];
  for (int i = 0; i < 1000; ++i) much[i] = static_cast<char>(i);
  if (n > 0) deep(to, n - 1);
  to[0] = much[500];
}

float* floats(std::size_t n) {
  float* p = nullptr;
  REQUIRE(cudaMalloc(&p, n * sizeof(float)) == cudaSuccess);
  return p;
}
}  // namespace

TEST_CASE("a host that follows a device pointer is killed, and told so") {
  float* const p = floats(10);
  volatile float* const host = p;
  death d = death_of([&] { host[3] = 1; });
  CHECK(d.signal == SIGSEGV);
  CHECK(d.says("the host touched byte 12 of a device allocation of 40 bytes"));
  d = death_of([&] { static_cast<void>(host[0]); });
  CHECK(d.signal == SIGSEGV);
  // Also after work, which opens it.
  REQUIRE(launch(1, 1, write_at, p, 0l) == cudaSuccess);
  synchronize();
  CHECK(death_of([&] { static_cast<void>(host[0]); }).signal == SIGSEGV);
  cudaFree(p);
}

TEST_CASE("a kernel that leaves its allocation is killed by name") {
  float* const p = floats(1024);
  for (const long i : {1024l, 1030l}) {
    const death d = death_of([&] { launch(1, 1, write_at, p, i), synchronize(); });
    CHECK(d.signal == SIGSEGV);
    CHECK(d.says("write_at(float*, long), block (0, 0, 0), thread (0, 0, 0) touched what is " +
                 std::to_string(4 * (i - 1024)) + " bytes past a device allocation of 4096 bytes"));
  }
  CHECK(death_of([&] { launch(1, 1, read_at, p, 1024l, p), synchronize(); }).signal == SIGSEGV);
  CHECK(death_of([&] { launch(1, 1, write_at, p, 1023l), synchronize(); }).signal == 0);
  CHECK(death_of([&] { launch(1, 1, write_at, p, -1025l), synchronize(); }).signal == SIGSEGV);
  cudaFree(p);
}

#ifndef TNN_EMULATOR_ASAN
TEST_CASE("a write into the slack round an allocation is a failure") {
  float* const p = floats(10);
  CHECK(fails([&] { launch(1, 1, write_at, p, 10l), synchronize(); }, "write_at(float*, long)",
              "wrote 0 bytes past an allocation of 40 bytes"));
  CHECK(fails([&] { launch(1, 1, write_at, p, -2l), synchronize(); }, "write_at(float*, long)",
              "wrote 8 bytes before an allocation of 40 bytes"));
  CHECK(failure_of([&] { launch(1, 1, write_at, p, 9l), synchronize(); }) == "");
  cudaFree(p);
}
#else
TEST_CASE("a read of the slack round an allocation is AddressSanitizer's to report") {
  float* const p = floats(10);
  for (const long i : {10l, -1l})
    CHECK(death_of([&] {
            launch(1, 1, read_at, static_cast<const float*>(p), i, p), synchronize();
          }).says("use-after-poison"));
  CHECK(death_of([&] {
          launch(1, 1, read_at, static_cast<const float*>(p), 9l, p), synchronize();
        }).words == "");
  cudaFree(p);
}
#endif

TEST_CASE("use after free traps, at an address that is never given again") {
  float* const p = floats(1024);
  REQUIRE(cudaFree(p) == cudaSuccess);
  float* const q = floats(1024);
  CHECK(q != p);
  const death d = death_of([&] { launch(1, 1, write_at, p, 5l), synchronize(); });
  CHECK(d.signal == SIGSEGV);
  CHECK(d.says("touched byte 20 of a freed device allocation of 4096 bytes"));
  CHECK(cudaFree(p) == cudaErrorInvalidValue);
  CHECK(cudaFree(q + 1) == cudaErrorInvalidValue);
  CHECK(cudaFree(q) == cudaSuccess);
  CHECK(cudaFree(nullptr) == cudaSuccess);
}

TEST_CASE("memory starts as NaN, aligned as CUDA aligns") {
  for (const std::size_t n : {1u, 63u, 64u, 1000u}) {
    float* const p = floats(n);
    CHECK(reinterpret_cast<std::uintptr_t>(p) % 256 == 0);
    std::vector<float> v(n, 0.0f);
    REQUIRE(cudaMemcpy(v.data(), p, 4 * n, cudaMemcpyDeviceToHost) == cudaSuccess);
    for (const float x : v) CHECK(std::isnan(x));
    cudaFree(p);
  }
}

TEST_CASE("memory comes to an end") {
  std::size_t free_before = 0, free = 0, total = 0;
  REQUIRE(cudaMemGetInfo(&free_before, &total) == cudaSuccess);
  void* p = &total;
  CHECK(cudaMalloc(&p, free_before + 1) == cudaErrorMemoryAllocation);
  CHECK(p == nullptr);
  CHECK(cudaPeekAtLastError() == cudaErrorMemoryAllocation);
  CHECK(cudaGetLastError() == cudaErrorMemoryAllocation);
  CHECK(cudaGetLastError() == cudaSuccess);
  REQUIRE(cudaMalloc(&p, 1000) == cudaSuccess);
  REQUIRE(cudaMemGetInfo(&free, &total) == cudaSuccess);
  CHECK(free == free_before - 1000);
  cudaFree(p);
  tnn_emulator::set_device_memory(5000);
  CHECK(cudaMalloc(&p, 5001) == cudaErrorMemoryAllocation);
  CHECK(cudaMalloc(&p, 5000) == cudaSuccess);
  tnn_emulator::set_device_memory(std::size_t{4} << 30);
  cudaFree(p);
}

TEST_CASE("copies keep to one allocation and to their direction") {
  float* const p = floats(10);
  std::vector<float> host(20, 2.0f);
  const auto copy = [&](void* to, const void* from, std::size_t n, cudaMemcpyKind kind) {
    return cudaMemcpy(to, from, n * sizeof(float), kind);
  };
  CHECK(copy(p, host.data(), 11, cudaMemcpyHostToDevice) == cudaErrorInvalidValue);
  CHECK(copy(p + 1, host.data(), 10, cudaMemcpyHostToDevice) == cudaErrorInvalidValue);
  CHECK(copy(p - 1, host.data(), 10, cudaMemcpyHostToDevice) == cudaErrorInvalidValue);
  CHECK(copy(p, host.data(), 10, cudaMemcpyDeviceToHost) == cudaErrorInvalidValue);
  CHECK(copy(p, host.data(), 10, cudaMemcpyDeviceToDevice) == cudaErrorInvalidValue);
  CHECK(copy(p, nullptr, 10, cudaMemcpyHostToDevice) == cudaErrorInvalidValue);
  CHECK(copy(p, host.data(), 10, cudaMemcpyHostToDevice) == cudaSuccess);
  CHECK(copy(host.data(), p, 10, cudaMemcpyDefault) == cudaSuccess);
  CHECK(cudaMemset(p, 0, 41) == cudaErrorInvalidValue);
  CHECK(cudaMemset(host.data(), 0, 40) == cudaErrorInvalidValue);
  REQUIRE(cudaMemset(p + 5, 0, 20) == cudaSuccess);
  REQUIRE(copy(host.data(), p, 10, cudaMemcpyDeviceToHost) == cudaSuccess);
  CHECK(host[4] == 2);
  CHECK(host[5] == 0);
  cudaGetLastError();
  cudaFree(p);
}

TEST_CASE("a misaligned vector load is a failure") {
  float* const p = floats(12);
  CHECK(
      fails([&] { launch(1, 1, load_four, p + 1, p), synchronize(); }, "load_four", "misaligned"));
  CHECK(failure_of([&] { launch(1, 1, load_four, p + 4, p), synchronize(); }) == "");
  cudaFree(p);
}

#ifndef TNN_EMULATOR_THREADS
TEST_CASE("a kernel that runs over its stack is named") {
  float* const p = floats(1);
  const death d = death_of([&] { launch(1, 1, deep, p, 1000), synchronize(); });
  CHECK(d.signal == SIGSEGV);
  CHECK(d.says("deep(float*, int)"));
  cudaFree(p);
}
#endif
