#pragma once
// Linear on Cpu. Weights are read where they lie, once a pass; the batch is what gets packed:
//   y^T  (O, N) = b + w (O, I) x x^T (I, N)       an item: some outputs
//   dw   (O, I) = dy^T (O, N) x x (N, I)          an item: some outputs
//   dx^T (I, N) = w^T (I, O) x dy^T (O, N)        an item: some inputs
// A few samples are dot products instead: that is bound by the memory that w comes from.
#include <tnn/backend/cpu/cpu.hpp>
#include <tnn/backend/cpu/gemm.hpp>
#include <tnn/core/compute.hpp>
#include <tnn/core/integers.hpp>
#include <tnn/layers/linear/linear.hpp>

namespace tnn {

template <class T>
struct linear_products {
  static constexpr int rows = detail::tile_rows<T>, columns = detail::tile_columns<T>,
                       lanes = simd::lanes<T>;
  static constexpr int few = 4;                             ///< samples that are dot products
  static constexpr int strip = 8 * rows, wide = 32 * rows;  ///< outputs, or inputs, of an item
  static constexpr int depth = 512, shallow = 64;           ///< blocks of w in L2

  std::int64_t in, out;
  int batch;

  constexpr std::int64_t samples() const { return detail::round_up(std::int64_t{batch}, columns); }
  constexpr std::int64_t panels() const {
    const std::int64_t i = detail::round_up(in, columns);
    return (i > out ? i : out) * samples();
  }
  constexpr std::int64_t per_thread() const { return wide * samples() + (depth + columns) * 16; }
  constexpr std::int64_t scratch(int threads) const { return panels() + threads * per_thread(); }

  void forward(Cpu& cpu, const T* x, const T* w, const T* b, T* y, T* memory) const {
    if (batch <= few) return dots(cpu, x, w, b, y);
    pack_samples(cpu, in, x, memory);
    each_item(cpu, out, strip, memory, [&](std::int64_t o, int n, T* sums, T* panel, T* spare) {
      multiply<detail::stored::as_is>(n, in, depth, w + o * in, memory, sums, panel, spare);
      for (int image = 0; image < batch; ++image)
        for (int r = 0; r < n; ++r)
          y[image * out + o + r] = sums[r * samples() + image] + detail::bias_of(b, o + r);
    });
  }

  void weight_gradient(Cpu& cpu, const T* x, const T* dy, T* dw, T* db, T* memory) const {
    cpu.parallel(detail::ceil_div(in, columns), [&](std::int64_t item, int) {
      const std::int64_t i = item * columns;
      detail::pack<columns>(detail::least(in - i, columns), batch, x + i, 1, in,
                            memory + i * batch);
    });
    each_item(cpu, out, 4 * rows, memory, [&](std::int64_t o, int n, T* packed, T*, T* spare) {
      for (int r = 0; db != nullptr && r < n; ++r) {
        double sum = 0;
        for (int image = 0; image < batch; ++image)
          sum += static_cast<double>(dy[image * out + o + r]);
        db[o + r] = static_cast<T>(sum);
      }
      detail::pack<rows>(n, batch, dy + o, 1, out, packed);
      for (std::int64_t i = 0; i < in; i += columns)
        for (int r = 0; r < n; r += rows)
          detail::edge_product(detail::least(n - r, rows), detail::least(in - i, columns), batch,
                               packed + r * batch, memory + i * batch, dw + (o + r) * in + i, in,
                               false, spare);
    });
  }

  void data_gradient(Cpu& cpu, const T* w, const T* dy, T* dx, T* memory) const {
    pack_samples(cpu, out, dy, memory);
    each_item(cpu, in, wide, memory, [&](std::int64_t i, int n, T* sums, T* panel, T* spare) {
      multiply<detail::stored::transposed>(n, out, shallow, w + i, memory, sums, panel, spare);
      for (int image = 0; image < batch; ++image)
        for (int r = 0; r < n; ++r) dx[image * in + i + r] = sums[r * samples() + image];
    });
  }

 private:
  /// sums (n, N) = a (n, all) x packed samples (all, N), a block of depth at a time. a is some rows
  /// of w, or of its transpose.
  template <detail::stored W>
  void multiply(int n, std::int64_t all, int block, const T* a, const T* packed, T* sums, T* panel,
                T* spare) const {
    const std::int64_t row = W == detail::stored::as_is ? in : 1,
                       along = W == detail::stored::as_is ? 1 : in;
    for (std::int64_t l = 0; l < all; l += block) {
      const int deep = detail::least(all - l, block);
      for (std::int64_t s = 0; s < samples(); s += columns)
        for (int r = 0; r < n; r += rows) {
          const T* from = a + r * row + l * along;
          const T* panel_b = packed + s * all + l * columns;
          T* c = sums + r * samples() + s;
          if (n - r >= rows) {
            detail::tile_product<W>(deep, from, in, panel_b, c, samples(), l > 0);
          } else {
            detail::pack<rows>(n - r, deep, from, row, along, panel);
            detail::edge_product(n - r, columns, deep, panel, panel_b, c, samples(), l > 0, spare);
          }
        }
    }
  }

  /// (N, size) into panels of samples: (size, columns).
  void pack_samples(Cpu& cpu, std::int64_t size, const T* from, T* to) const {
    const std::int64_t parts = detail::ceil_div(size, depth);
    cpu.parallel(samples() / columns * parts, [&](std::int64_t item, int) {
      const int s = static_cast<int>(item / parts) * columns;
      const std::int64_t l = item % parts * depth;
      detail::pack<columns>(detail::least(batch - s, columns), detail::least(size - l, depth),
                            from + s * size + l, size, 1, to + s * size + l * columns);
    });
  }

  /// f(first, count, three pieces of the thread's memory) for each part of [0, all).
  template <class F>
  void each_item(Cpu& cpu, std::int64_t all, int size, T* memory, F f) const {
    cpu.parallel(detail::ceil_div(all, size), [&](std::int64_t item, int thread) {
      T* own = memory + panels() + thread * per_thread();
      T* panel = own + wide * samples();
      f(item * size, detail::least(all - item * size, size), own, panel, panel + depth * 16);
    });
  }

  /// y = b + w x, eight outputs at a time: memory gives most to several streams.
  void dots(Cpu& cpu, const T* x, const T* w, const T* b, T* y) const {
    constexpr int outputs = 8;
    constexpr int of_item = 4 * outputs;
    cpu.parallel(detail::ceil_div(out, of_item), [&](std::int64_t item, int) {
      const std::int64_t last = detail::least(out, (item + 1) * of_item);
      for (std::int64_t o = item * of_item; o < last; o += outputs)
        for (int image = 0; image < batch; ++image) {
          // Where fewer are left, the last is computed again.
          const T* row[outputs];
          for (int r = 0; r < outputs; ++r) row[r] = w + detail::least(o + r, last - 1) * in;
          simd::vector<T> sum[outputs]{};
          const T* sample = x + image * in;
          std::int64_t i = 0;
          for (; i + lanes <= in; i += lanes) {
            const simd::vector<T> v = simd::load(sample + i);
            for (int r = 0; r < outputs; ++r) sum[r] += v * simd::load(row[r] + i);
          }
          for (int r = 0; r < outputs && o + r < last; ++r) {
            T total = detail::bias_of(b, o + r);
            for (int k = 0; k < lanes; ++k) total += sum[r][k];
            for (std::int64_t k = i; k < in; ++k) total += sample[k] * row[r][k];
            y[image * out + o + r] = total;
          }
        }
    });
  }
};

template <CpuBackend B, class T, int Out, class... O, class X, class Y>
struct compute<B, T, bound<Linear<Out, O...>, X, Y>> : compute_base {
  static constexpr bool backward_reads_x = true;

  static constexpr linear_products<T> products(std::int64_t batch) {
    return {X::size, Out, static_cast<int>(batch)};
  }
  static constexpr std::int64_t scratch(std::int64_t batch, int threads, mode) {
    return products(batch).scratch(threads);
  }
  static void forward(B& cpu, const auto& p) {
    products(p.batch).forward(cpu, p.x, p.get(tensor_name::weight{}), p.find(tensor_name::bias{}),
                              p.y, p.scratch);
  }
  static void backward(B& cpu, const auto& p) {
    products(p.batch).weight_gradient(cpu, p.x, p.dy, p.gradient(tensor_name::weight{}),
                                      p.find_gradient(tensor_name::bias{}), p.scratch);
    if (p.dx != nullptr)
      products(p.batch).data_gradient(cpu, p.get(tensor_name::weight{}), p.dy, p.dx, p.scratch);
  }
};

}  // namespace tnn
