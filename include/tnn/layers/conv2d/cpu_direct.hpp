#pragma once
// Conv2d on Cpu by its formula: blocks of the patch matrix, each a product on memory of the arena.
// With K = C/G KH KW rows of patches and P = OH OW places:
//   y  (F, P) = b + w (F, K) x patches (K, P)          an item: an image's tile of places
//   dw (F, K) = dy (F, P) x patches^T (P, K)           an item: a block of K for a group of images
//   dpatches (K, P) = w^T (K, F) x dy (F, P), added to dx    an item: an image
// The groups of images are fixed by the shapes, each has a dw of its own, and they are added in
// order: the sum does not depend on threads. The tail, ReLU for one, is done in the same pass, and
// dy is first cleared where ReLU's y is 0.
#include <tnn/backend/cpu/array.hpp>
#include <tnn/backend/cpu/cpu.hpp>
#include <tnn/backend/cpu/gemm.hpp>
#include <tnn/core/padded.hpp>
#include <tnn/layers/add_up.hpp>
#include <tnn/layers/conv2d/cpu_images.hpp>
#include <tnn/layers/conv2d/patches.hpp>

namespace tnn::detail {

template <class T, class L, class X, class Y, class Tail = no_tail<T, Y>>
struct direct_convolution : conv2d_geometry<L, X, Y> {
  using G = conv2d_geometry<L, X, Y>;
  using G::groups, G::filters, G::channels, G::taps, G::places;
  using P = patches<L, X, Y>;
  static constexpr bool relu = Tail::reads_y;
  static constexpr std::int64_t group_input = std::int64_t{channels} * G::inputs;
  static constexpr std::int64_t weights = std::int64_t{L::filters} * taps;

  // A tile of places and a block of rows: the piece of the patch matrix that exists at a time.
  static constexpr int tiles = ceil_div(places, gemm_columns);
  static constexpr int tile = round_up(ceil_div(places, tiles), 16);
  static constexpr int block = least(taps, gemm_depth);
  static constexpr int blocks = ceil_div(taps, block);
  static constexpr std::int64_t per_thread =
      detail::padded(std::int64_t{block} * tile) + gemm_packing;

  // Enough items for many cores, whatever the thread count: fewer groups where K has more blocks.
  static constexpr int image_groups(std::int64_t batch) {
    const std::int64_t wanted = 32 / (blocks * groups) + 2;
    return static_cast<int>(least(wanted, batch));
  }

  static constexpr std::int64_t scratch(std::int64_t batch, int threads, mode m) {
    return threads * per_thread + (m == mode::train ? image_groups(batch) * weights : 0);
  }

  static void forward(Cpu& cpu, const auto& p, const tail_values<T>& tail) {
    cpu.parallel(std::int64_t{p.batch} * tiles, [&](std::int64_t item, int thread) {
      const auto image = item / tiles;
      const auto [first, n] = part(static_cast<int>(item % tiles), tile, places);
      T* block_of_patches = p.scratch + thread * per_thread;
      T* packing = block_of_patches + (per_thread - gemm_packing);
      for (int g = 0; g < groups; ++g) {
        const std::int64_t begin = std::int64_t{g} * filters * places + first;
        T* y = p.y + image * p.y_stride + begin;
        for (int f = 0; f < filters; ++f)
          for (int k = 0; k < n; ++k)
            y[std::int64_t{f} * places + k] = bias_of(p.find(tensor_name::bias{}), g * filters + f);
        const T* x = p.x + image * X::size + g * group_input;
        for (int b = 0; b < blocks; ++b) {
          const auto [row, depth] = part(b, block, taps);
          P::gather(x, row, depth, first, n, block_of_patches);
          gemm<stored::as_is, stored::as_is>(  // (F, k) x (k, n) -> (F, n)
              filters, n, depth, weight(p.get(tensor_name::weight{}), g) + row, taps,
              block_of_patches, n, y, places, packing);
        }
        for (int f = 0; f < filters; ++f)
          Tail::finish(tail, g * filters + f, image * Y::size + begin + std::int64_t{f} * places, n,
                       y + std::int64_t{f} * places);
      }
    });
  }

  static void backward(Cpu& cpu, const auto& p) {
    T* const db = p.find_gradient(tensor_name::bias{});
    cpu.parallel(L::filters, [&](std::int64_t f, int) {
      double sum = 0;
      for (int image = 0; image < p.batch; ++image) {
        const std::int64_t first = image * p.y_stride + f * places;
        if constexpr (relu)
          for (int k = 0; k < places; ++k)
            p.dy[first + k] = p.y[first + k] > T{0} ? p.dy[first + k] : T{0};
        if (db != nullptr) sum += static_cast<double>(array(p.dy + first, places).sum());
      }
      if (db != nullptr) db[f] = static_cast<T>(sum);
    });
    weight_gradient(cpu, p);
    if (p.dx != nullptr)
      data_gradient(cpu, p, 0, per_thread,
                    [&](std::int64_t image, int) { return p.dy + image * p.y_stride; });
  }

  /// dy_of(image, thread) gives an image's dy. A thread's memory begins at p.scratch + thread * own
  /// + at.
  template <class F>
  static void data_gradient(Cpu& cpu, const auto& p, std::int64_t at, std::int64_t own, F dy_of) {
    cpu.parallel(p.batch, [&](std::int64_t image, int thread) {
      T* block_of_patches = p.scratch + thread * own + at;
      T* packing = block_of_patches + (per_thread - gemm_packing);
      const T* image_dy = dy_of(image, thread);
      T* dx = p.dx + image * X::size;
      std::memset(static_cast<void*>(dx), 0, sizeof(T) * static_cast<std::size_t>(X::size));
      for (int g = 0; g < groups; ++g)
        for (int t = 0; t < tiles; ++t) {
          const auto [first, n] = part(t, tile, places);
          const T* dy = image_dy + std::int64_t{g} * filters * places + first;
          for (int b = 0; b < blocks; ++b) {
            const auto [row, height] = part(b, block, taps);
            std::memset(static_cast<void*>(block_of_patches), 0,
                        sizeof(T) * static_cast<std::size_t>(height) * static_cast<std::size_t>(n));
            gemm<stored::transposed, stored::as_is>(  // (k, F) x (F, n) -> (k, n)
                height, n, filters, weight(p.get(tensor_name::weight{}), g) + row, taps, dy, places,
                block_of_patches, n, packing);
            P::scatter_add(block_of_patches, row, height, first, n, dx + g * group_input);
          }
        }
    });
  }

 private:
  struct range {
    int first, count;
  };
  /// Part i of `all` things cut into parts of `size`.
  static constexpr range part(int i, int size, int all) {
    return {i * size, least(all - i * size, size)};
  }
  static const T* weight(const T* w, int g) { return w + std::int64_t{g} * filters * taps; }

  static void weight_gradient(Cpu& cpu, const auto& p) {
    const int teams = image_groups(p.batch);
    T* parts = p.scratch + cpu.thread_count() * per_thread;  // (teams, F, K)
    const auto per_team = std::int64_t{groups} * blocks;
    cpu.parallel(teams * per_team, [&](std::int64_t item, int thread) {
      const auto team = static_cast<int>(item / per_team);
      const auto g = static_cast<int>(item / blocks % groups);
      const auto [row, width] = part(static_cast<int>(item % blocks), block, taps);
      T* block_of_patches = p.scratch + thread * per_thread;
      T* packing = block_of_patches + (per_thread - gemm_packing);
      T* dw = parts + team * weights + std::int64_t{g} * filters * taps + row;
      for (int f = 0; f < filters; ++f)
        for (int k = 0; k < width; ++k) dw[std::int64_t{f} * taps + k] = 0;
      const int last = static_cast<int>(std::int64_t{team + 1} * p.batch / teams);
      for (int image = static_cast<int>(std::int64_t{team} * p.batch / teams); image < last;
           ++image)
        for (int t = 0; t < tiles; ++t) {
          const auto [first, n] = part(t, tile, places);
          P::gather(p.x + image * X::size + g * group_input, row, width, first, n,
                    block_of_patches);
          const T* dy = p.dy + image * p.y_stride + std::int64_t{g} * filters * places + first;
          gemm<stored::as_is, stored::transposed>(  // (F, n) x (n, k) -> (F, k)
              filters, width, n, dy, places, block_of_patches, n, dw, taps, packing);
        }
    });
    cpu.for_each(weights, add_up<T>{parts, p.gradient(tensor_name::weight{}), weights, teams});
  }
};

}  // namespace tnn::detail
