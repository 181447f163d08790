// Tensor cores: products of a warp, their rounding, and what CUDA leaves undefined of them.
#include <cuda_bf16.h>
#include <cuda_runtime.h>

#include <cmath>
#include <limits>

#include "emulator/child.hpp"
#include "emulator/device_vector.hpp"
#include "emulator/sample.cuh"
#include "support/values.hpp"
#include "tnn_emulator/tensor.hpp"

using tnn_emulator::order;

namespace {

template <class Stored>
struct cells {
  alignas(16) Stored a[16 * 24], b[8 * 24];
};

/// c (16, 8) = 1 + a (16, K) x b (8, K)^T by one warp, lines padded to 24. Transposed: the lines of
/// a lie across, as bf16 may.
template <bool Transposed, class Stored>
__global__ void multiply(const float* a, const float* b, float* c) {
  constexpr bool bf16 = sizeof(Stored) == 2;
  constexpr int k_of_all = bf16 ? 16 : 8, half = k_of_all / 2;
  auto& s = sample::shared<cells<Stored>>();
  const auto put = [](Stored& to, float x) {
    if constexpr (bf16)
      to = __float2bfloat16(x);
    else
      to = tnn_emulator::to_tf32(x);
  };
  const int lane = static_cast<int>(threadIdx.x);
  for (int i = lane; i < 16 * k_of_all; i += 32) {
    const int m = i / k_of_all, k = i % k_of_all;
    put(s.a[Transposed ? k * 24 + m : m * 24 + k], a[i]);
    if (m < 8) put(s.b[m * 24 + k], b[i]);
  }
  __syncwarp();
  std::uint32_t left[4], right[4];
  const int block = lane / 8, row = lane % 8;
  const int line = block % 2 * 8 + (Transposed ? 0 : row);
  const int k = block / 2 * half + (Transposed ? row : 0);
  tnn_emulator::load_blocks<Transposed>(left, &s.a[Transposed ? k * 24 + line : line * 24 + k]);
  tnn_emulator::load_blocks<false>(right, &s.b[row * 24 + block % 2 * half]);
  float sum[4] = {1, 1, 1, 1};
  tnn_emulator::multiply_add<bf16>(sum, left, right[0], right[1]);
  for (int i = 0; i < 4; ++i) c[(lane / 4 + i / 2 * 8) * 8 + lane % 4 * 2 + i % 2] = sum[i];
}

/// The nearest of so many bits; the even one of two, or the one farther from zero.
double rounded(double x, int bits, bool even) {
  int exponent = 0;
  const double m = std::ldexp(std::frexp(x, &exponent), bits);
  return std::ldexp(even ? std::nearbyint(m) : std::round(m), exponent - bits);
}

template <bool Transposed, class Stored>
void check_product() {
  constexpr bool bf16 = sizeof(Stored) == 2;
  constexpr std::size_t depth = bf16 ? 16 : 8;
  const auto a = formula_values<float>(1, 16 * depth), b = formula_values<float>(2, 8 * depth);
  const device_vector x(a), y(b), z(std::vector<float>(128));
  REQUIRE(launch(1, 32, multiply<Transposed, Stored>, x.data, y.data, z.data) == cudaSuccess);
  const auto found = z.values();
  for (std::size_t m = 0; m < 16; ++m)
    for (std::size_t n = 0; n < 8; ++n) {
      double sum = 1;
      for (std::size_t k = 0; k < depth; ++k)
        sum += rounded(static_cast<double>(a[m * depth + k]), bf16 ? 8 : 11, bf16) *
               rounded(static_cast<double>(b[n * depth + k]), bf16 ? 8 : 11, bf16);
      CHECK(std::abs(static_cast<double>(found[m * 8 + n]) - sum) < 1e-5);
    }
}

/// What a warp does wrong, by number.
enum class wrong { nothing, pointer, lane_leaves, two_places, unrounded, partial_warp };
__global__ void misuse(wrong what) {
  auto& s = sample::shared<cells<float>>();
  const int lane = static_cast<int>(threadIdx.x);
  for (int i = lane; i < 16 * 24; i += 32) s.a[i] = what == wrong::unrounded ? 0.1f : 1.0f;
  if (what != wrong::partial_warp) __syncwarp();
  if (what == wrong::lane_leaves && lane == 9) return;
  const float* p = s.a + lane % 8 * 24;
  if (what == wrong::pointer && lane == 9) p += 2;
  std::uint32_t left[4];
  if (what == wrong::two_places && lane == 9)
    tnn_emulator::load_blocks<false>(left, p);
  else
    tnn_emulator::load_blocks<false>(left, p);
  float sum[4] = {};
  tnn_emulator::multiply_add<false>(sum, left, left[0], left[1]);
}

/// Lane i reads what lane 31 - i wrote, with no barrier in between.
__global__ void reads_too_soon(float* to) {
  auto& s = sample::shared<cells<float>>();
  const unsigned lane = threadIdx.x;
  for (unsigned i = 0; i < 4; ++i) s.a[4 * lane + i] = 1;
  to[lane] = s.a[4 * (31 - lane)];
}

}  // namespace

TEST_CASE("a warp's products of every layout, rounded as tensor cores round") {
  const orders_kept kept;
  tnn_emulator::set_order(GENERATE(order::forward, order::reverse, order::random), 5);
  check_product<false, float>();
  check_product<false, __nv_bfloat16>();
  check_product<true, __nv_bfloat16>();
}

TEST_CASE("what a warp of tensor cores may not do") {
  const orders_kept kept;
  tnn_emulator::set_order(GENERATE(order::forward, order::reverse, order::random), 7);
  const auto run = [](wrong what, unsigned threads = 32) {
    return [=] { launch(1, threads, misuse, what), synchronize(); };
  };
  CHECK(failure_of(run(wrong::nothing)) == "");
  CHECK(fails(run(wrong::pointer), "misuse", "ldmatrix (", "tensor.cpp:", "16 bytes"));
  CHECK(fails(run(wrong::lane_leaves), "ldmatrix (", "thread (9, 0, 0) has exited"));
  CHECK(fails(run(wrong::two_places), "ldmatrix (", " meets lane "));
  CHECK(fails(run(wrong::unrounded), "mma (", "not rounded to tf32"));
  CHECK(fails(run(wrong::partial_warp, 16), "ldmatrix (", "lanes that the block does not have"));
}

TEST_CASE("what another lane stored needs a barrier") {
  const orders_kept kept;
  const device_vector to(std::vector<float>(32));
  tnn_emulator::set_order(GENERATE(order::forward, order::reverse, order::random), 3);
  REQUIRE(launch(1, 32, reads_too_soon, to.data) == cudaSuccess);
  int too_soon = 0;
  for (const float x : to.values()) too_soon += std::isnan(x);
  CHECK(too_soon > 0);
}

TEST_CASE("a device without such tensor cores") {
  tnn_emulator::set_capability(75);
  CHECK(fails([] { launch(1, 32, misuse, wrong::nothing), synchronize(); }, "ldmatrix (",
              "needs compute capability 8.0"));
  int major = 0, minor = 0;
  CHECK(cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor, 0) == cudaSuccess);
  CHECK(cudaDeviceGetAttribute(&minor, cudaDevAttrComputeCapabilityMinor, 0) == cudaSuccess);
  CHECK((major == 7 && minor == 5));
  tnn_emulator::set_capability();
}

TEST_CASE("rounding to tf32 and bf16") {
  const auto bf16 = [](float x) { return __bfloat162float(__float2bfloat16(x)); };
  const auto tf32 = tnn_emulator::to_tf32;
  // Of two that are equally near: farther from zero, and even.
  CHECK(tf32(1 + 0x1p-11f) == 1 + 0x1p-10f);
  CHECK(tf32(-1 - 0x1p-11f) == -1 - 0x1p-10f);
  CHECK(tf32(1 + 0x1p-11f - 0x1p-23f) == 1);
  CHECK(bf16(1 + 0x1p-8f) == 1);
  CHECK(bf16(1 + 3 * 0x1p-8f) == 1 + 0x1p-6f);
  CHECK(bf16(-1 - 0x1p-8f - 0x1p-23f) == -1 - 0x1p-7f);
  constexpr float infinity = std::numeric_limits<float>::infinity();
  constexpr float most = std::numeric_limits<float>::max();
  for (const auto round : {+bf16, +tf32}) {
    CHECK((round(most) == infinity && round(-infinity) == -infinity && round(0.0f) == 0));
    CHECK((std::isnan(round(NAN)) && std::isnan(round(-NAN))));
    for (const float x : {3.0f, -0.15625f, 0x1p-130f}) CHECK(round(x) == x);
  }
}
