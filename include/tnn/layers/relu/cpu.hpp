#pragma once
// ReLU on Cpu. For backward it saves one bit a value, y > 0, so that the plan need not keep y. Bit
// k of lane l of a block of 32 registers is that of its value k * lanes + l: no bit moves sideways.
#include <tnn/backend/cpu/cpu.hpp>
#include <tnn/backend/cpu/simd.hpp>
#include <tnn/core/compute.hpp>
#include <tnn/layers/relu/compute.hpp>

namespace tnn {

/// One for all sizes of a sample.
template <class T>
struct relu_bits {
  static constexpr int lanes = simd::lanes<T>, block = 32 * lanes;
  using V = simd::vector<T>;
  using signs = decltype(V{} > V{});
  typedef std::int32_t words __attribute__((vector_size(lanes * 4)));  // NOLINT

  static constexpr std::int64_t blocks(std::int64_t size) { return (size + block - 1) / block; }

  TNN_ONE_COPY static void forward(Cpu& cpu, const pass<T>& p, std::int64_t size) {
    each_block(cpu, p, size, [&](std::int64_t at, int n, std::int32_t* to) {
      signs bits{};
      each_vector(n, [&](int k, int some) {
        const V x = simd::load_some(p.x + at + k, some);
        const V y = x < V{} ? V{} : x;
        simd::store_some(p.y + at + k, y, some);
        bits |= (y > V{}) & bit(k / lanes);
      });
      if (to == nullptr) return;
      const words kept = __builtin_convertvector(bits, words);
      std::memcpy(to, &kept, sizeof kept);
    });
  }
  TNN_ONE_COPY static void backward(Cpu& cpu, const pass<T>& p, std::int64_t size) {
    each_block(cpu, p, size, [&](std::int64_t at, int n, const std::int32_t* from) {
      words kept;
      std::memcpy(&kept, from, sizeof kept);
      const signs bits = __builtin_convertvector(kept, signs);
      each_vector(n, [&](int k, int some) {
        const V dy = simd::load_some(p.dy + at + k, some);
        const V dx = (bits & bit(k / lanes)) != 0 ? dy : V{};
        simd::store_some(p.dx + at + k, dx, some);
      });
    });
  }

 private:
  static signs bit(int k) {
    return signs{} + static_cast<std::remove_reference_t<decltype(signs{}[0])>>(1u << k);
  }
  /// f(place, how many values there) for each register of a block of n values.
  template <class F>
  [[gnu::always_inline]] static void each_vector(int n, F f) {
    int k = 0;
    for (; k + lanes <= n; k += lanes) f(k, lanes);
    if (k < n) f(k, n - k);
  }
  /// f(first value, how many, their words or nullptr)
  template <class F>
  static void each_block(Cpu& cpu, const pass<T>& p, std::int64_t size, F f) {
    constexpr std::int64_t chunk = 16;
    const std::int64_t all = blocks(size), parts = (all + chunk - 1) / chunk;
    cpu.parallel(p.batch * parts, [&](std::int64_t item, int) {
      const std::int64_t image = item / parts, first = item % parts * chunk;
      for (std::int64_t b = first; b < all && b < first + chunk; ++b) {
        const std::int64_t left = size - b * block;
        f(image * size + b * block, static_cast<int>(left < block ? left : block),
          p.saved == nullptr ? nullptr : p.saved + (image * all + b) * lanes);
      }
    });
  }
};

template <CpuBackend B, class T, class X, class Y>
struct compute<B, T, bound<ReLU, X, Y>> : compute_base {
  using math = relu_bits<T>;
  static constexpr std::int64_t saved = math::blocks(X::size) * math::lanes;
  static constexpr storage output(mode) { return storage::in_place; }

  static void forward(B& cpu, const pass<T>& p) { math::forward(cpu, p, X::size); }
  static void backward(B& cpu, const pass<T>& p) {
    if (p.dx != nullptr) math::backward(cpu, p, X::size);
  }
};

}  // namespace tnn
