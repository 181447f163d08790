#pragma once
// Conv2d with stride 1 by Winograd's F(M, R) in both directions, on tiles of M x M outputs, a group
// of images at a time. With t = M + R - 1 and P tiles, for each of the t*t places of a tile:
//   y  (P, F)  = x' (P, C) x w' (C, F)        x' = B x B^T, w' = G w G^T, then A y A^T
//   dw (C, F) += x'^T (C, P) x dy' (P, F)     dy' = G dy G^T, then A dw A^T, by F(R, M)
// dx is y of dy with the filters turned by half a circle. Lanes are channels; the transforms leave
// their operands as tile_product reads them. Groups of images follow from shapes alone.
#include <algorithm>

#include <tnn/backend/cpu/cpu.hpp>
#include <tnn/backend/cpu/gemm.hpp>
#include <tnn/core/padded.hpp>
#include <tnn/layers/conv2d/cpu_images.hpp>
#include <tnn/layers/conv2d/winograd.hpp>

namespace tnn::detail {

/// Channels x height x width to filters x rows x columns.
struct winograd_shape {
  int channels, height, width;
  int filters, rows, columns;
  int top, left;  ///< padding
};

template <class T, int M, int R>
struct winograd {
  static constexpr int size = M + R - 1, squares = size * size;
  static constexpr int lanes = simd::lanes<T>, panel = tile_columns<T>;

  /// multiply_once transforms a panel's filters this many channels at a time, so that they stay in
  /// a core's L2 cache until they are used: AlexNet's convolutions of one image took 7.4 ms on one
  /// thread, and 14.3 with all filters transformed beforehand.
  static constexpr int channels_a_time = 64;
  /// Values from one of the t*t matrices of these filters to the next; 16 more than a matrix has,
  /// so that the same place of all matrices is not in the same set of a cache.
  static constexpr int block = channels_a_time * panel + 16;

  struct layout {
    winograd_shape s;
    int down, across, tiles;        ///< tiles of an image
    int input_rows, input_columns;  ///< an image with all that its tiles reach
    int in, out;                    ///< channels and filters, up to whole registers and panels
    int images;                     ///< worked on at a time
    std::int64_t filter, input, output, gradient;  ///< values of one of the t*t matrices
    std::int64_t buffer, own;  ///< a thread's: channels as lanes; that, some filters, and spare
    std::int64_t spare;        ///< what images need to load and store

    TNN_ONE_COPY constexpr layout(winograd_shape shape, std::int64_t batch,
                                  std::int64_t spare_values)
        : s(shape),
          down(ceil_div(s.rows, M)),
          across(ceil_div(s.columns, M)),
          tiles(down * across),
          input_rows(down * M + R - 1),
          input_columns(across * M + R - 1),
          in(round_up(s.channels, lanes)),
          out(round_up(s.filters, panel)) {
      // Values of a group's tiles, x' and y: twice as many as the filters', which each group reads
      // anew, but 3 to 12 MB. At 3 MB 64 channels of 56 x 56 take 0.85 of the time that they take
      // at 12 (an L3 of 32 MB, shared); 384 channels of 12 x 12 are the same at 8 to 24.
      const std::int64_t all_filters = std::int64_t{squares} * s.channels * out;
      const std::int64_t most =
          std::clamp(2 * all_filters, std::int64_t{3} << 18, std::int64_t{3} << 20);
      const std::int64_t fit = most / (std::int64_t{tiles} * squares * (in + out));
      images = static_cast<int>(fit < 1 ? 1 : least(fit, batch));
      const std::int64_t places = std::int64_t{round_up(images * tiles, tile_rows<T>)};
      // 16 more, so that the same place of all matrices is not in the same set of a cache.
      filter = detail::padded(std::int64_t{s.channels} * out) + 16;
      input = detail::padded(places * in) + 16;
      output = detail::padded(places * out) + 16;
      gradient = detail::padded(std::int64_t{round_up(s.channels, tile_rows<T>)} * out) + 16;
      const std::int64_t image = std::int64_t{input_rows} * input_columns * lanes;
      const std::int64_t filters = std::int64_t{s.channels} * R * R * lanes;
      buffer = detail::padded(image > filters ? image : filters);
      spare = detail::padded(spare_values);
      own = buffer + squares * block + spare;
    }
    /// Whether filters are transformed where they are used (multiply_once): where one group holds
    /// all images, and there are at least 8 panels of filters, enough items for many cores. Filters
    /// of one panel would be transformed and multiplied by one thread alone.
    constexpr bool once(std::int64_t batch) const { return batch <= images && out >= 8 * panel; }
    constexpr std::int64_t product_scratch(int threads, std::int64_t batch) const {
      return threads * own + squares * ((once(batch) ? 0 : filter) + input + output);
    }
    constexpr std::int64_t gradient_scratch(int threads, std::int64_t batch) const {
      return threads * own + batch * out + squares * (gradient + input + output);
    }
  };

  /// y = b + w * x. `turned`: w is (C, F, R, R) and each filter turned, as dx wants it.
  TNN_ONE_COPY static void product(Cpu& cpu, const layout& l, int batch, const cpu_images<T>& x,
                                   const T* w, bool turned, const T* bias, const cpu_images<T>& y,
                                   T* scratch) {
    T* input = scratch + cpu.thread_count() * l.own;
    T* output = input + squares * l.input;
    T* filters = output + squares * l.output;
    const bool once = l.once(batch);
    if (!once)
      cpu.parallel(l.out / lanes, [&](std::int64_t block, int thread) {
        const int f = static_cast<int>(block) * lanes;
        transform_filters(l, f, 0, l.s.channels, w, turned, scratch + thread * l.own,
                          filters + std::int64_t{f / panel * panel} * l.s.channels + f % panel,
                          l.filter);
      });
    for (int first = 0; first < batch; first += l.images) {
      const int images = least(batch - first, l.images), places = images * l.tiles;
      const std::int64_t in_blocks = l.in / lanes,
                         out_blocks = ceil_div(std::int64_t{l.s.filters}, lanes);
      cpu.parallel(images * in_blocks, [&](std::int64_t item, int thread) {
        const auto image = static_cast<int>(item / in_blocks);
        transform_input(l, static_cast<int>(item % in_blocks) * lanes, x, first + image,
                        scratch + thread * l.own, input + std::int64_t{image} * l.tiles * l.in);
      });
      if (once) {
        multiply_once(cpu, l, places, w, turned, input, output, scratch);
      } else {
        multiply(cpu, l, places, filters, input, output);
      }
      cpu.parallel(images * out_blocks, [&](std::int64_t item, int thread) {
        const auto image = static_cast<int>(item / out_blocks);
        transform_output(l, static_cast<int>(item % out_blocks) * lanes,
                         output + std::int64_t{image} * l.tiles * l.out, bias,
                         scratch + thread * l.own, y, first + image);
      });
    }
  }

  /// dw (F, C, R, R) and, unless it is nullptr, db (F), of a layout whose output is dy.
  TNN_ONE_COPY static void weight_gradient(Cpu& cpu, const layout& l, int batch,
                                           const cpu_images<T>& x, const cpu_images<T>& dy, T* dw,
                                           T* db, T* scratch) {
    T* sums = scratch + cpu.thread_count() * l.own;  // (N, F): of each plane of dy
    T* gradient = sums + std::int64_t{batch} * l.out;
    T* input = gradient + squares * l.gradient;
    T* output = input + squares * l.input;
    for (int first = 0; first < batch; first += l.images) {
      const int images = least(batch - first, l.images), places = images * l.tiles;
      const std::int64_t in_blocks = l.in / lanes, out_blocks = l.out / lanes;
      cpu.parallel(images * (in_blocks + out_blocks), [&](std::int64_t item, int thread) {
        const auto image = static_cast<int>(item / (in_blocks + out_blocks));
        const auto block = static_cast<int>(item % (in_blocks + out_blocks));
        T* buffer = scratch + thread * l.own;
        if (block < in_blocks) {
          transform_input(l, block * lanes, x, first + image, buffer,
                          input + std::int64_t{image} * l.tiles * l.in);
        } else {
          transform_gradient(l, static_cast<int>(block - in_blocks) * lanes, places, dy,
                             first + image, buffer, output + std::int64_t{image} * l.tiles * panel,
                             sums + std::int64_t{first + image} * l.out);
        }
      });
      constexpr int rows = tile_rows<T>, rows_a_time = 8 * rows;
      const std::int64_t parts = ceil_div(l.s.channels, rows_a_time);
      cpu.parallel(squares * parts, [&](std::int64_t item, int) {
        const std::int64_t square = item / parts;
        const int begin = static_cast<int>(item % parts) * rows_a_time;
        const int end = least(l.s.channels, begin + rows_a_time);
        for (int f = 0; f < l.out; f += panel)
          for (int c = begin; c < end; c += rows)  // (rows, P) x (P, panel) -> (rows, panel)
            tile_product<stored::transposed>(
                places, input + square * l.input + c, l.in,
                output + square * l.output + std::int64_t{f} * places,
                gradient + square * l.gradient + std::int64_t{c} * l.out + f, l.out, first > 0);
      });
    }
    cpu.parallel(ceil_div(std::int64_t{l.s.filters}, lanes), [&](std::int64_t block, int thread) {
      const int f = static_cast<int>(block) * lanes;
      gather_gradient(l, f, gradient, scratch + thread * l.own, dw);
      for (int i = f; db != nullptr && i < least(f + lanes, l.s.filters); ++i) {
        double sum = 0;
        for (int image = 0; image < batch; ++image)
          sum += static_cast<double>(sums[std::int64_t{image} * l.out + i]);
        db[i] = static_cast<T>(sum);
      }
    });
  }

 private:
  using V = simd::vector<T>;
  /// y (P, F) = x' (P, C) x w' (C, F): an item is one of the t*t, and some of the places.
  static void multiply(Cpu& cpu, const layout& l, int places, const T* filters, const T* input,
                       T* output) {
    constexpr int rows = tile_rows<T>, rows_a_time = 8 * rows;
    const std::int64_t parts = ceil_div(places, rows_a_time);
    cpu.parallel(squares * parts, [&](std::int64_t item, int) {
      const std::int64_t square = item / parts;
      const int begin = static_cast<int>(item % parts) * rows_a_time;
      const int end = least(places, begin + rows_a_time);
      const T* a = input + square * l.input;
      T* c = output + square * l.output;
      for (int f = 0; f < l.out; f += panel)
        for (int p = begin; p < end; p += rows)  // (rows, C) x (C, panel) -> (rows, panel)
          tile_product<stored::as_is>(l.s.channels, a + std::int64_t{p} * l.in, l.in,
                                      filters + square * l.filter + std::int64_t{f} * l.s.channels,
                                      c + std::int64_t{p} * l.out + f, l.out, false);
    });
  }

  /// The same product where one group holds all images. An item is a panel of filters: some
  /// channels of it are transformed and used at once, and the next channels take their memory.
  static void multiply_once(Cpu& cpu, const layout& l, int places, const T* w, bool turned,
                            const T* input, T* output, T* scratch) {
    cpu.parallel(l.out / panel, [&](std::int64_t item, int thread) {
      const int f = static_cast<int>(item) * panel;
      T* buffer = scratch + thread * l.own;
      T* filters = buffer + l.buffer;
      for (int c = 0; c < l.s.channels; c += channels_a_time) {
        const int n = least(channels_a_time, l.s.channels - c);
        for (int lane = 0; lane < panel; lane += lanes)
          transform_filters(l, f + lane, c, n, w, turned, buffer, filters + lane, block);
        with_tile_rows<T>(places, [&](auto rows) {
          for (int square = 0; square < squares; ++square)
            for (int p = 0; p < places; p += rows)
              tile_product<stored::as_is, T, rows>(
                  n, input + square * l.input + std::int64_t{p} * l.in + c, l.in,
                  filters + square * block,
                  output + square * l.output + std::int64_t{p} * l.out + f, l.out, c > 0);
        });
      }
    });
  }

  static void clear(T* to, std::int64_t n) {
    std::memset(static_cast<void*>(to), 0, sizeof(T) * static_cast<std::size_t>(n));
  }

  /// Transforms filters [f, f + lanes) of channels [c, c + n). Each of the t*t results goes to a
  /// matrix (n, panel) of its own; the matrices begin `apart` values from one another.
  TNN_ONE_COPY static void transform_filters(const layout& l, int f, int c, int n, const T* w,
                                             bool turned, T* buffer, T* to, std::int64_t apart) {
    const int count = least(lanes, l.s.filters - f), taps = R * R;
    if (turned) {
      for (int k = 0; k < n * taps; ++k)
        for (int i = 0; i < lanes; ++i) {
          const std::int64_t from = std::int64_t{c + k / taps} * l.s.filters + f + i;
          buffer[k * lanes + i] = i < count ? w[from * taps + taps - 1 - k % taps] : T{0};
        }
    } else {
      planes_to_lanes(w + (std::int64_t{f} * l.s.channels + c) * taps, count, l.s.channels * taps,
                      n * taps, n * taps, n * taps, buffer);
    }
    for (int k = 0; k < n; ++k, to += panel)
      transform_square<winograd_filter<M, R>, T>(
          [&](int i, int j) __attribute__((always_inline)) {
            return simd::load(buffer + ((k * R + i) * R + j) * lanes);
          },
          [&](int i, int j, const V& v)
              __attribute__((always_inline)) { simd::store(to + (i * size + j) * apart, v); });
  }

  /// Transforms each tile of a buffer of vectors, whose rows begin `pitch` vectors apart. Each of
  /// the t*t results goes to a matrix of its own: the matrices begin `apart` values from one
  /// another, and a tile's place in a matrix is `stride` values behind the last tile's.
  template <class Matrix>
  [[gnu::always_inline]] static inline void transform_tiles(const layout& l, const T* buffer,
                                                            int pitch, T* to, int stride,
                                                            std::int64_t apart) {
    for (int t = 0; t < l.tiles; ++t, to += stride) {
      const T* from = buffer + (t / l.across * pitch + t % l.across) * (M * lanes);
      transform_square<Matrix, T>(
          [&](int i, int j)
              __attribute__((always_inline)) { return simd::load(from + (i * pitch + j) * lanes); },
          [&](int i, int j, const V& v)
              __attribute__((always_inline)) { simd::store(to + (i * size + j) * apart, v); });
    }
  }

  /// Channels [c, c + lanes) of an image, into (tiles, in).
  TNN_ONE_COPY static void transform_input(const layout& l, int c, const cpu_images<T>& x,
                                           std::int64_t image, T* buffer, T* to) {
    const int pitch = l.input_columns;
    clear(buffer, std::int64_t{l.input_rows} * pitch * lanes);
    x.load(x, image, c, least(lanes, l.s.channels - c),
           buffer + (std::int64_t{l.s.top} * pitch + l.s.left) * lanes, pitch,
           buffer + l.own - l.spare);
    transform_tiles<winograd_input<M, R>>(l, buffer, pitch, to + c, l.in, l.input);
  }

  /// Filters [f, f + lanes) of an image's dy, into panels (places, panel), and their sums.
  TNN_ONE_COPY static void transform_gradient(const layout& l, int f, int places,
                                              const cpu_images<T>& dy, std::int64_t image,
                                              T* buffer, T* to, T* sums) {
    if (f >= l.s.filters) return;  // what these give is not read
    const int pitch = l.across * M, all = l.down * M * pitch;
    clear(buffer, std::int64_t{all} * lanes);
    dy.load(dy, image, f, least(lanes, l.s.filters - f), buffer, pitch, buffer + l.own - l.spare);
    simd::vectors<T, M> sum{};
    for (int k = 0; k < all; k += M)
      for (int i = 0; i < M; ++i) sum[i] += simd::load(buffer + (k + i) * lanes);
    for (int i = 1; i < M; ++i) sum[0] += sum[i];
    simd::store(sums + f, sum[0]);
    transform_tiles<winograd_filter<R, M>>(
        l, buffer, pitch, to + std::int64_t{f / panel * panel} * places + f % panel, panel,
        l.output);
  }

  /// Filters [f, f + lanes) of an image's y, from (tiles, out).
  TNN_ONE_COPY static void transform_output(const layout& l, int f, const T* from, const T* bias,
                                            T* buffer, const cpu_images<T>& y, std::int64_t image) {
    const int count = least(lanes, l.s.filters - f);
    V b{};
    for (int i = 0; bias != nullptr && i < count; ++i) b[i] = bias[f + i];
    from += f;
    for (int t = 0; t < l.tiles; ++t, from += l.out) {
      const int row = t / l.across * M, column = t % l.across * M;
      T* to = buffer + (row * l.s.columns + column) * lanes;
      transform_square<winograd_output<M, R>, T>(
          [&](int i, int j) __attribute__((always_inline)) {
            return simd::load(from + (i * size + j) * l.output);
          },
          [&](int i, int j, const V& v) __attribute__((always_inline)) {
            if (row + i < l.s.rows && column + j < l.s.columns)
              simd::store<T>(to + (i * l.s.columns + j) * lanes, v + b);
          });
    }
    y.store(y, image, f, count, buffer, buffer + l.own - l.spare);
  }

  TNN_ONE_COPY static void gather_gradient(const layout& l, int f, const T* from, T* buffer,
                                           T* dw) {
    const int taps = l.s.channels * R * R;
    from += f;
    for (int c = 0; c < l.s.channels; ++c, from += l.out)
      transform_square<winograd_output<R, M>, T>(
          [&](int i, int j) __attribute__((always_inline)) {
            return simd::load(from + (i * size + j) * l.gradient);
          },
          [&](int i, int j, const V& v) __attribute__((always_inline)) {
            simd::store(buffer + ((c * R + i) * R + j) * lanes, v);
          });
    lanes_to_planes(buffer, least(lanes, l.s.filters - f), taps, dw + std::int64_t{f} * taps);
  }
};

}  // namespace tnn::detail
