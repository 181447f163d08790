// Tensor cores: products of a warp, their rounding, and what CUDA leaves undefined of them.
#include <mma.h>

#include <cmath>
#include <limits>

#include "emulator/child.hpp"
#include "emulator/device_vector.hpp"
#include "emulator/sample.cuh"
#include "support/values.hpp"

namespace wmma = nvcuda::wmma;
using tnn_emulator::order;

namespace {

template <int K, class T, class Layout>
using left_of = wmma::fragment<wmma::matrix_a, 16, 16, K, T, Layout>;
template <int K, class T, class Layout>
using right_of = wmma::fragment<wmma::matrix_b, 16, 16, K, T, Layout>;
template <int K>
using sums_of = wmma::fragment<wmma::accumulator, 16, 16, K, float>;
using tf32 = wmma::precision::tf32;
using rows = wmma::row_major;
using columns = wmma::col_major;

template <class Stored>
struct cells {
  alignas(32) Stored a[16 * 24], b[16 * 24];
  alignas(32) float c[16 * 20];
};

/// c = 1 + a b by one warp; a (16, K) and b (K, 16) in the layouts given, padded to 24.
template <int K, class T, class Stored, class LayoutA, class LayoutB>
__global__ void multiply(const float* a, const float* b, float* c) {
  auto& s = sample::shared<cells<Stored>>();
  for (int i = static_cast<int>(threadIdx.x); i < 16 * K; i += 32) {
    const int m = i / K, k = i % K;
    auto& to_a = s.a[std::is_same_v<LayoutA, rows> ? m * 24 + k : k * 24 + m];
    auto& to_b = s.b[std::is_same_v<LayoutB, rows> ? k * 24 + m : m * 24 + k];
    if constexpr (std::is_same_v<Stored, float>) {
      to_a = wmma::__float_to_tf32(a[m * K + k]);
      to_b = wmma::__float_to_tf32(b[k * 16 + m]);
    } else {
      to_a = __float2bfloat16(a[m * K + k]);
      to_b = __float2bfloat16(b[k * 16 + m]);
    }
  }
  __syncwarp();
  left_of<K, T, LayoutA> left;
  right_of<K, T, LayoutB> right;
  sums_of<K> sums;
  wmma::fill_fragment(sums, 1.0f);
  wmma::load_matrix_sync(left, s.a, 24);
  wmma::load_matrix_sync(right, s.b, 24);
  wmma::mma_sync(sums, left, right, sums);
  wmma::store_matrix_sync(s.c, sums, 20, wmma::mem_row_major);
  __syncwarp();
  for (int i = static_cast<int>(threadIdx.x); i < 256; i += 32) c[i] = s.c[i / 16 * 20 + i % 16];
}

/// The nearest of so many bits; the even one of two, or the one farther from zero.
double rounded(double x, int bits, bool even) {
  int exponent = 0;
  const double m = std::ldexp(std::frexp(x, &exponent), bits);
  return std::ldexp(even ? std::nearbyint(m) : std::round(m), exponent - bits);
}

template <int K, class T, class Stored, class LayoutA, class LayoutB>
void check_product() {
  const auto a = formula_values<float>(1, 16 * K), b = formula_values<float>(2, 16 * K);
  const device_vector x(a), y(b), z(std::vector<float>(256));
  REQUIRE(launch(1, 32, multiply<K, T, Stored, LayoutA, LayoutB>, x.data, y.data, z.data) ==
          cudaSuccess);
  const auto found = z.values();
  constexpr bool bf16 = K == 16;
  for (std::size_t m = 0; m < 16; ++m)
    for (std::size_t n = 0; n < 16; ++n) {
      double sum = 1;
      for (std::size_t k = 0; k < K; ++k)
        sum += rounded(static_cast<double>(a[m * K + k]), bf16 ? 8 : 11, bf16) *
               rounded(static_cast<double>(b[k * 16 + n]), bf16 ? 8 : 11, bf16);
      CHECK(std::abs(static_cast<double>(found[m * 16 + n]) - sum) < 1e-5);
    }
}

template <class LayoutA, class LayoutB>
void check_products() {
  check_product<8, tf32, float, LayoutA, LayoutB>();
  check_product<16, __nv_bfloat16, __nv_bfloat16, LayoutA, LayoutB>();
}

/// What a warp does wrong, by number.
enum class wrong {
  nothing,
  pointer,
  leading,
  other_pointer,
  other_leading,
  lane_leaves,
  two_places,
  unloaded,
  unrounded,
  stored_undefined,
  stored_misaligned,
  partial_warp
};
__global__ void misuse(wrong what) {
  struct cells {
    alignas(32) float values[512];
  };
  auto& s = sample::shared<cells>();
  const int lane = static_cast<int>(threadIdx.x);
  for (int i = lane; i < 512; i += 32) s.values[i] = what == wrong::unrounded ? 0.1f : 1.0f;
  if (what != wrong::partial_warp) __syncwarp();
  if (what == wrong::lane_leaves && lane == 9) return;
  left_of<8, tf32, rows> left;
  right_of<8, tf32, rows> right;
  sums_of<8> sums, result;
  const float* p = s.values;
  if (what == wrong::pointer) p += 4;
  if (what == wrong::other_pointer && lane == 9) p += 8;
  unsigned leading = what == wrong::leading ? 18 : 16;
  if (what == wrong::other_leading && lane == 9) leading = 20;
  if (what == wrong::two_places && lane == 9)
    wmma::load_matrix_sync(left, p, 16);
  else
    wmma::load_matrix_sync(left, p, leading);
  wmma::load_matrix_sync(right, s.values, 16);
  if (what != wrong::unloaded) wmma::fill_fragment(sums, 0.0f);
  if (what != wrong::stored_undefined) wmma::mma_sync(result, left, right, sums);
  wmma::store_matrix_sync(what == wrong::stored_misaligned ? s.values + 1 : s.values, result, 16,
                          wmma::mem_col_major);
}

/// Lane i reads what lane 31 - i holds, with no barrier in between.
__global__ void reads_too_soon(float* to) {
  struct cells {
    alignas(32) float values[256];
  };
  auto& s = sample::shared<cells>();
  sums_of<8> sums;
  wmma::fill_fragment(sums, 1.0f);
  wmma::store_matrix_sync(s.values, sums, 16, wmma::mem_row_major);
  to[threadIdx.x] = s.values[31 - threadIdx.x];
}

}  // namespace

TEST_CASE("a warp's products of every layout, rounded as tensor cores round") {
  const orders_kept kept;
  tnn_emulator::set_order(GENERATE(order::forward, order::reverse, order::random), 5);
  check_products<rows, rows>();
  check_products<rows, columns>();
  check_products<columns, rows>();
  check_products<columns, columns>();
}

TEST_CASE("what a warp of tensor cores may not do") {
  const orders_kept kept;
  tnn_emulator::set_order(GENERATE(order::forward, order::reverse, order::random), 7);
  const auto run = [](wrong what, unsigned threads = 32) {
    return [=] { launch(1, threads, misuse, what), synchronize(); };
  };
  CHECK(failure_of(run(wrong::nothing)) == "");
  CHECK(fails(run(wrong::pointer), "misuse", "load_matrix_sync (", "tensor.cpp:", "32 bytes"));
  CHECK(fails(run(wrong::leading), "load_matrix_sync (", "leading dimension of 18", "16 bytes"));
  CHECK(fails(run(wrong::other_pointer), "load_matrix_sync (", "another matrix than other lanes"));
  CHECK(fails(run(wrong::other_leading), "load_matrix_sync (", "another matrix than other lanes"));
  CHECK(fails(run(wrong::lane_leaves), "load_matrix_sync (", "thread (9, 0, 0) has exited"));
  CHECK(fails(run(wrong::two_places), "load_matrix_sync (", " meets lane "));
  CHECK(fails(run(wrong::unloaded), "mma_sync (", "never loaded or filled"));
  CHECK(fails(run(wrong::unrounded), "mma_sync (", "not rounded to tf32"));
  CHECK(fails(run(wrong::stored_undefined), "store_matrix_sync (", "never loaded or filled"));
  CHECK(fails(run(wrong::stored_misaligned), "store_matrix_sync (", "32 bytes"));
  CHECK(fails(run(wrong::partial_warp, 16), "load_matrix_sync (",
              "lanes that the block does not have"));
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
  CHECK(fails([] { launch(1, 32, misuse, wrong::nothing), synchronize(); }, "load_matrix_sync (",
              "needs compute capability 8.0"));
  int major = 0, minor = 0;
  CHECK(cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor, 0) == cudaSuccess);
  CHECK(cudaDeviceGetAttribute(&minor, cudaDevAttrComputeCapabilityMinor, 0) == cudaSuccess);
  CHECK((major == 7 && minor == 5));
  tnn_emulator::set_capability();
}

TEST_CASE("rounding to tf32 and bf16") {
  const auto bf16 = [](float x) { return __bfloat162float(__float2bfloat16(x)); };
  // Of two that are equally near: farther from zero, and even.
  CHECK(wmma::__float_to_tf32(1 + 0x1p-11f) == 1 + 0x1p-10f);
  CHECK(wmma::__float_to_tf32(-1 - 0x1p-11f) == -1 - 0x1p-10f);
  CHECK(wmma::__float_to_tf32(1 + 0x1p-11f - 0x1p-23f) == 1);
  CHECK(bf16(1 + 0x1p-8f) == 1);
  CHECK(bf16(1 + 3 * 0x1p-8f) == 1 + 0x1p-6f);
  CHECK(bf16(-1 - 0x1p-8f - 0x1p-23f) == -1 - 0x1p-7f);
  constexpr float infinity = std::numeric_limits<float>::infinity();
  constexpr float most = std::numeric_limits<float>::max();
  for (const auto round : {+bf16, +[](float x) { return wmma::__float_to_tf32(x); }}) {
    CHECK((round(most) == infinity && round(-infinity) == -infinity && round(0.0f) == 0));
    CHECK((std::isnan(round(NAN)) && std::isnan(round(-NAN))));
    for (const float x : {3.0f, -0.15625f, 0x1p-130f}) CHECK(round(x) == x);
  }
}
