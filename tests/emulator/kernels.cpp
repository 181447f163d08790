// Kernels give the same results in any order of blocks and threads.
#include <cmath>
#include <numeric>

#include "emulator/device_vector.hpp"
#include "emulator/sample.cuh"
#include "support/values.hpp"

using tnn_emulator::order;

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
