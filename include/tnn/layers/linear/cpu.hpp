#pragma once
// Linear on Cpu: three products over the batch, cut into strips fixed by the shapes:
//   y  (N, O) = b + x (N, I) x w^T (I, O)      an item: a strip of outputs
//   dw (O, I) = dy^T (O, N) x x (N, I)         an item: a strip of outputs
//   dx (N, I) = dy (N, O) x w (O, I)           an item: a strip of inputs
#include <tnn/backend/cpu/cpu.hpp>
#include <tnn/backend/cpu/gemm.hpp>
#include <tnn/core/compute.hpp>
#include <tnn/layers/linear/linear.hpp>

namespace tnn {

template <CpuBackend B, class T, int Out, class... O, class X, class Y>
struct compute<B, T, bound<Linear<Out, O...>, X, Y>> : compute_base {
  static constexpr bool backward_reads_x = true;
  static constexpr std::int64_t in = X::size, out = Out;
  // dw is written once and is large: a strip of it must stay in cache between its zeroing and sum.
  static constexpr std::int64_t strip = gemm_columns, dw_strip = 32;

  static constexpr std::int64_t scratch(std::int64_t, int threads, mode) {
    return threads * gemm_packing;
  }

  static void forward(Cpu& cpu, const pass<T>& p) {
    strips(cpu, out, strip, p.scratch, [&](std::int64_t o, std::int64_t n, T* packing) {
      for (int image = 0; image < p.batch; ++image)
        for (std::int64_t k = o; k < o + n; ++k) p.y[image * out + k] = p.bias[k];
      gemm<stored::as_is, stored::transposed>(  // (N, I) x (I, n) -> (N, n)
          p.batch, n, in, p.x, in, p.weight + o * in, in, p.y + o, out, packing);
    });
  }

  static void backward(Cpu& cpu, const pass<T>& p) {
    strips(cpu, out, dw_strip, p.scratch, [&](std::int64_t o, std::int64_t n, T* packing) {
      for (std::int64_t k = o; k < o + n; ++k) {
        double sum = 0;
        for (int image = 0; image < p.batch; ++image)
          sum += static_cast<double>(p.dy[image * out + k]);
        p.dbias[k] = static_cast<T>(sum);
      }
      T* dw = p.dweight + o * in;
      std::memset(static_cast<void*>(dw), 0, sizeof(T) * static_cast<std::size_t>(n * in));
      gemm<stored::transposed, stored::as_is>(  // (n, N) x (N, I) -> (n, I)
          n, in, p.batch, p.dy + o, out, p.x, in, dw, in, packing);
    });
    if (p.dx == nullptr) return;
    strips(cpu, in, strip, p.scratch, [&](std::int64_t i, std::int64_t n, T* packing) {
      for (int image = 0; image < p.batch; ++image)
        std::memset(static_cast<void*>(p.dx + image * in + i), 0,
                    sizeof(T) * static_cast<std::size_t>(n));
      gemm<stored::as_is, stored::as_is>(  // (N, O) x (O, n) -> (N, n)
          p.batch, n, out, p.dy, out, p.weight + i, in, p.dx + i, in, packing);
    });
  }

 private:
  /// Calls f(first, count, packing) for each strip of [0, all).
  template <class F>
  static void strips(Cpu& cpu, std::int64_t all, std::int64_t size, T* scratch, F f) {
    cpu.parallel((all + size - 1) / size, [&](std::int64_t item, int thread) {
      const std::int64_t first = item * size, count = all - first < size ? all - first : size;
      f(first, count, scratch + thread * gemm_packing);
    });
  }
};

}  // namespace tnn
