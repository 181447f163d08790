#pragma once
// Conv2d on Cpu where few channels come in, as in a network's first layer: filters are lanes, and a
// tile is some neighbouring places of a row by one panel of filters, read from the image as it is.
//   y  (places, panel)  = b + sum over c,u,v of x[c, i*S+u*D, j*S+v*D] w'[c,u,v]
//   dw' (v's, panel)   += x[c, i*S+u*D, j*S+v*D] dy'[i,j] over the places of an image
// An item of the weight gradient is a group of images, fixed by the shapes; its sums are added in
// order. dx is the direct formula's, an image at a time.
#include <tnn/layers/conv2d/cpu_direct.hpp>
#include <tnn/layers/conv2d/cpu_images.hpp>

namespace tnn::detail {

template <class T, class L, class X, class Y, class Tail>
struct narrow_convolution : conv2d_geometry<L, X, Y> {
  using G = conv2d_geometry<L, X, Y>;
  using G::kh, G::kw, G::sh, G::sw, G::down, G::across;
  using G::rows, G::columns, G::places, G::channels, G::filters, G::taps;
  using direct = direct_convolution<T, L, X, Y>;
  using sides = cpu_sides<T, L, X, Y, Tail>;
  using V = simd::vector<T>;
  static constexpr int lanes = simd::lanes<T>, panel = tile_columns<T>;
  static constexpr int panels = ceil_div(filters, panel);
  // The image with its padding, as far as windows reach.
  static constexpr int padded_height = (rows - 1) * sh + G::reach_down;
  static constexpr int padded_width = (columns - 1) * sw + G::reach_across;

  /// The size of tiles, at most tile_rows, that cut `all` most evenly. Where they do not fill it,
  /// the last tile is moved back until it ends with `all`: it overlaps the one before.
  static constexpr int even(int all) {
    const int tiles = ceil_div(all, tile_rows<T>);
    return ceil_div(all, tiles);
  }
  static constexpr int tile = even(columns), tap_tile = even(kw);

  static constexpr std::int64_t image_size =
      detail::padded(std::int64_t{channels} * padded_height * padded_width);
  static constexpr std::int64_t lanes_size = std::int64_t{places} * lanes;
  static constexpr std::int64_t weights = std::int64_t{panels} * taps * panel;
  /// A thread's: an image, a panel of its outputs, what loading and storing needs.
  static constexpr std::int64_t own = image_size + 2 * lanes_size + detail::padded(Tail::spare);
  /// For dx also dy as planes, and what the direct formula needs.
  static constexpr std::int64_t own_dx =
      own + detail::padded(std::int64_t{filters} * places) + direct::per_thread;

  static constexpr int image_groups(std::int64_t batch) { return least(batch, 32); }
  static constexpr std::int64_t part = weights + panels * panel;  ///< of dw' and db
  static constexpr std::int64_t scratch(std::int64_t batch, int threads, mode m) {
    return m == mode::infer ? threads * own + weights
                            : threads * own_dx + image_groups(batch) * part + weights;
  }

  static void forward(Cpu& cpu, const auto& p, const tail_values<T>& tail) {
    T* w = p.scratch + cpu.thread_count() * own;
    pack<panel>(filters, taps, p.get(tensor_name::weight{}), taps, 1, w);
    // Images alone keep many cores busy where there are many.
    const int parts = p.batch < 8 ? panels : 1;
    const auto y = sides::y(p, 0, tail);
    cpu.parallel(std::int64_t{p.batch} * parts, [&](std::int64_t item, int thread) {
      T* image = p.scratch + thread * own;
      T* left = image + image_size;
      pad(p.x + item / parts * X::size, image);
      const int first = static_cast<int>(item % parts) * panels / parts;
      for (int f = first; f < first + panels / parts; ++f) {
        outputs(image, w + std::int64_t{f} * taps * panel,
                bias_from(p.find(tensor_name::bias{}), f * panel), filters - f * panel, left);
        for (int c = f * panel; c < filters && c < (f + 1) * panel; c += lanes)
          y.store(y, item / parts, c, least(filters - c, lanes),
                  c == f * panel ? left : left + lanes_size, left + 2 * lanes_size);
      }
    });
  }

  static void backward(Cpu& cpu, const auto& p) {
    weight_gradient(cpu, p);
    if (p.dx == nullptr) return;
    const auto dy = sides::dy(p, 0);
    direct::data_gradient(cpu, p, own_dx - direct::per_thread, own_dx,
                          [&](std::int64_t image, int thread) {
                            T* at = p.scratch + thread * own_dx + image_size;
                            T* planes = p.scratch + thread * own_dx + own;
                            for (int f = 0; f < filters; f += lanes) {
                              load(dy, image, f, at, at + 2 * lanes_size);
                              lanes_to_planes(at, least(filters - f, lanes), places,
                                              planes + std::int64_t{f} * places);
                            }
                            return planes;
                          });
  }

 private:
  static void load(const cpu_images<T>& dy, std::int64_t image, int f, T* at, T* spare) {
    std::memset(static_cast<void*>(at), 0, sizeof(T) * static_cast<std::size_t>(lanes_size));
    if (f < filters) dy.load(dy, image, f, least(filters - f, lanes), at, columns, spare);
  }

  /// Rows and columns that no window reaches are left out.
  static void pad(const T* x, T* to) {
    constexpr int top = G::ph, left = G::pw;
    constexpr int inside = padded_width > left ? least(G::width, padded_width - left) : 0;
    std::memset(static_cast<void*>(to), 0, sizeof(T) * static_cast<std::size_t>(image_size));
    for (int c = 0; c < channels; ++c)
      for (int i = 0; i < least(G::height, padded_height - top); ++i)
        std::memcpy(to + (c * padded_height + i + top) * padded_width + left,
                    x + (std::int64_t{c} * G::height + i) * G::width,
                    sizeof(T) * static_cast<std::size_t>(inside));
  }

  /// All places of a panel of filters: two blocks of lanes, lanes_size apart.
  TNN_ONE_COPY static void outputs(const T* image, const T* w, const T* bias, int count, T* to) {
    V b[2]{};
    for (int f = 0; f < least(count, panel); ++f) b[f / lanes][f % lanes] = bias_of(bias, f);
    for (int i = 0; i < rows; ++i)
      for (int j = 0; j < columns; j += tile) {
        j = least(j, columns - tile);
        const T* corner = image + i * sh * padded_width + j * sw;
        const T* tap = w;
        simd::vectors<T, tile> left, right;
        for (int k = 0; k < tile; ++k) left[k] = b[0], right[k] = b[1];
        for (int c = 0; c < channels; ++c)
          for (int u = 0; u < kh; ++u) {
            const T* row = corner + (c * padded_height + u * down) * padded_width;
            for (int v = 0; v < kw; ++v, tap += panel) {
              const V w0 = simd::load(tap), w1 = simd::load(tap + lanes);
              simd::unrolled<tile>([&](auto k) __attribute__((always_inline)) {
                left[k] += row[v * across + k * sw] * w0;
                right[k] += row[v * across + k * sw] * w1;
              });
            }
          }
        T* at = to + (i * columns + j) * lanes;
        for (int k = 0; k < tile; ++k) {
          simd::store(at + k * lanes, left[k]);
          simd::store(at + lanes_size + k * lanes, right[k]);
        }
      }
  }

  static void weight_gradient(Cpu& cpu, const auto& p) {
    const int groups = image_groups(p.batch);
    T* parts = p.scratch + cpu.thread_count() * own_dx;  // (groups, dw' and db)
    T* sum = parts + groups * part;
    T* const db = p.find_gradient(tensor_name::bias{});
    const auto dy = sides::dy(p, 0);
    cpu.parallel(groups, [&](std::int64_t group, int thread) {
      T* image = p.scratch + thread * own_dx;
      T* at = image + image_size;
      T* dw = parts + group * part;
      const std::int64_t first = group * p.batch / groups, last = (group + 1) * p.batch / groups;
      for (std::int64_t n = first; n < last; ++n) {
        pad(p.x + n * X::size, image);
        for (int f = 0; f < panels; ++f) {
          for (int side = 0; side < 2; ++side) {
            const int filter = f * panel + side * lanes;
            load(dy, n, filter, at + side * lanes_size, at + 2 * lanes_size);
            if (db != nullptr) add_plane(at + side * lanes_size, n > first, dw + weights + filter);
          }
          gradients(image, at, n > first, dw + std::int64_t{f} * taps * panel);
        }
      }
    });
    cpu.for_each(weights, add_up<T>{parts, sum, part, groups});
    for (int f = 0; db != nullptr && f < filters; ++f) {
      double total = 0;
      for (int group = 0; group < groups; ++group)
        total += static_cast<double>(parts[group * part + weights + f]);
      db[f] = static_cast<T>(total);
    }
    for (int f = 0; f < filters; ++f)
      for (int k = 0; k < taps; ++k)
        p.gradient(tensor_name::weight{})[std::int64_t{f} * taps + k] =
            sum[(std::int64_t{f / panel} * taps + k) * panel + f % panel];
  }

  static void add_plane(const T* at, bool add, T* to) {
    V sum{};
    for (int i = 0; i < rows; ++i) {
      V row{};
      for (int j = 0; j < columns; ++j) row += simd::load(at + (i * columns + j) * lanes);
      sum += row;
    }
    simd::store<T>(to, add ? simd::load(to) + sum : sum);
  }

  /// The sums over the places of one image, for one panel of filters: they become dw' or, with
  /// `add`, are added to it. What the last tile of a row of taps shares with the tile before it is
  /// that one's: added by both, those taps would count twice.
  TNN_ONE_COPY static void gradients(const T* image, const T* dy, bool add, T* dw) {
    for (int c = 0; c < channels; ++c)
      for (int u = 0; u < kh; ++u)
        for (int done = 0; done < kw; done += tap_tile) {
          const int v = least(done, kw - tap_tile);
          const T* corner = image + (c * padded_height + u * down) * padded_width + v * across;
          simd::vectors<T, tap_tile> left{}, right{};
          const T* at = dy;
          for (int i = 0; i < rows; ++i)
            for (int j = 0; j < columns; ++j, at += lanes) {
              const T* row = corner + i * sh * padded_width + j * sw;
              const V d0 = simd::load(at), d1 = simd::load(at + lanes_size);
              simd::unrolled<tap_tile>([&](auto k) __attribute__((always_inline)) {
                left[k] += row[k * across] * d0;
                right[k] += row[k * across] * d1;
              });
            }
          T* to = dw + ((c * kh + u) * kw + done) * panel;
          for (int k = done - v; k < tap_tile; ++k, to += panel) {
            simd::store<T>(to, add ? simd::load(to) + left[k] : left[k]);
            simd::store<T>(to + lanes, add ? simd::load(to + lanes) + right[k] : right[k]);
          }
        }
  }
};

}  // namespace tnn::detail
