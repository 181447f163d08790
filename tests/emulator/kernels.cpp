// Kernels give the same results in any order of blocks and threads.
#include <cmath>
#include <numeric>

#include "emulator/device_vector.hpp"
#include "emulator/sample.cuh"
#include "support/values.hpp"

using tnn_emulator::order;

namespace {

struct cells {
  float values[64];
};
/// Without the barrier it needs between its two lines.
__global__ void neighbour(float* to) {
  auto& s = sample::shared<cells>();
  s.values[threadIdx.x] = static_cast<float>(threadIdx.x);
  to[threadIdx.x] = s.values[(threadIdx.x + 1) % 64];
}
/// In what order the threads of all blocks begin.
__global__ void number(float* to, unsigned* count) {
  to[blockIdx.x * blockDim.x + threadIdx.x] = static_cast<float>(atomicAdd(count, 1u));
}

/// The thread's number among all, by what it is told.
__global__ void place(float* to) {
  const unsigned block = blockIdx.x + gridDim.x * (blockIdx.y + gridDim.y * blockIdx.z);
  const unsigned thread = threadIdx.x + blockDim.x * (threadIdx.y + blockDim.y * threadIdx.z);
  const unsigned i = block * blockDim.x * blockDim.y * blockDim.z + thread;
  // The lane too is the thread's number in the block.
  const unsigned first = __shfl_sync(thread / 32 == 3 ? 0x00ffffffu : 0xffffffffu, i, 0);
  to[i] = static_cast<float>(first + thread % 32);
}

}  // namespace

TEST_CASE("a kernel by element") {
  const orders_kept kept;
  tnn_emulator::set_order(GENERATE(order::forward, order::reverse, order::random), 7);
  const auto a = formula_values<float>(1, 1000), b = formula_values<float>(2, 1000);
  const device_vector x(a), y(b), z(std::vector<float>(1000));
  REQUIRE(launch(8, 128, sample::add, x.data, y.data, z.data, 1000) == cudaSuccess);
  const auto c = z.values();
  for (std::size_t i = 0; i < 1000; ++i) CHECK(c[i] == a[i] + b[i]);
}

TEST_CASE("a product of tiles with barriers") {
  const orders_kept kept;
  tnn_emulator::set_order(GENERATE(order::forward, order::reverse, order::random), 5);
  constexpr std::size_t m = 128, n = 192, k = 64;
  const auto a = formula_values<float>(1, m * k), b = formula_values<float>(2, k * n);
  const device_vector x(a), y(b), z(std::vector<float>(m * n));
  REQUIRE(launch({n / 64, m / 64}, 64, sample::gemm<64, 8>, x.data, y.data, z.data,
                 static_cast<int>(n), static_cast<int>(k)) == cudaSuccess);
  std::vector<double> c(m * n);
  for (std::size_t i = 0; i < m; ++i)
    for (std::size_t p = 0; p < k; ++p)
      for (std::size_t j = 0; j < n; ++j)
        c[i * n + j] += static_cast<double>(a[i * k + p]) * static_cast<double>(b[p * n + j]);
  CHECK(relative_error(z.values(), c) < 1e-6);
}

TEST_CASE("sums by warps") {
  const orders_kept kept;
  tnn_emulator::set_order(GENERATE(order::forward, order::reverse, order::random), 3);
  const auto x = formula_values<float>(3, 1024);
  const device_vector in(x), out(std::vector<float>(4));
  REQUIRE(launch(4, 256, sample::sum, in.data, out.data) == cudaSuccess);
  const auto sums = out.values();
  for (std::size_t i = 0; i < 4; ++i) {
    const auto start = x.begin() + static_cast<std::ptrdiff_t>(256 * i);
    CHECK(std::abs(static_cast<double>(sums[i]) - std::accumulate(start, start + 256, 0.0)) < 1e-4);
  }
}

TEST_CASE("threads and lanes are numbered as CUDA numbers them") {
  const device_vector to(std::vector<float>(2 * 3 * 4 * 5 * 6));
  REQUIRE(launch({2, 3, 1}, {4, 5, 6}, place, to.data) == cudaSuccess);
  const auto found = to.values();
  for (std::size_t i = 0; i < found.size(); ++i) CHECK(found[i] == static_cast<float>(i));
}

#ifndef TNN_EMULATOR_THREADS  // where threads come in no order
namespace {
std::vector<float> numbers(order threads, order blocks, std::uint64_t seed = 1) {
  const orders_kept kept;
  tnn_emulator::set_order(threads, blocks, order::forward, seed);
  const device_vector to(std::vector<float>(6)), count(std::vector<float>(1));
  REQUIRE(launch(3, 2, number, to.data, reinterpret_cast<unsigned*>(count.data)) == cudaSuccess);
  return to.values();
}
}  // namespace

TEST_CASE("blocks and threads come in the order that was set") {
  using values = std::vector<float>;
  CHECK(numbers(order::forward, order::forward) == values{0, 1, 2, 3, 4, 5});
  CHECK(numbers(order::reverse, order::forward) == values{1, 0, 3, 2, 5, 4});
  CHECK(numbers(order::forward, order::reverse) == values{4, 5, 2, 3, 0, 1});
  CHECK(numbers(order::random, order::random, 3) == numbers(order::random, order::random, 3));
  std::vector<values> seen;
  for (std::uint64_t seed = 1; seed < 60; ++seed) {
    const values v = numbers(order::random, order::random, seed);
    if (std::find(seen.begin(), seen.end(), v) == seen.end()) seen.push_back(v);
  }
  CHECK(seen.size() > 20);  // of 48
}

TEST_CASE("a missing barrier shows as NaN or in another order") {
  const orders_kept kept;
  const device_vector to(std::vector<float>(64));
  const auto run = [&](order o) {
    tnn_emulator::set_order(o);
    REQUIRE(launch(1, 64, neighbour, to.data) == cudaSuccess);
    return to.values();
  };
  CHECK(std::isnan(run(order::forward)[0]));
  CHECK(run(order::reverse)[0] == 1);
  CHECK(std::isnan(run(order::reverse)[63]));
}
#endif
