#pragma once
// Where Conv2d's products on Cuda find their operands and leave their results, with every extent
// known to the compiler. C and F are the channels and filters of one group. K: values of a window
// in the copy of x; N: places of outputs; M: blocks of inputs.
//   y  (F, N)    = b + w (F, K) x patches (K, N)
//   dw (F, K)    = dy (F, N) x patches^T (N, K)
//   dx (C Sh Sw, M) = w^T x patches of dy: a convolution with stride (Sh, Sw) gives each input of a
//     block of Sh x Sw its share by weights of its own, all from the same outputs
#include <algorithm>

#include <tnn/backend/cuda/product.cuh>
#include <tnn/core/padded.hpp>
#include <tnn/layers/conv2d/cuda_copies.cuh>
#include <tnn/layers/conv2d/geometry.hpp>
#include <tnn/layers/relu/compute.hpp>

namespace tnn::detail {

template <class L, class X, class Y, class Factor>
struct conv2d_cuda {
  using stored = typename Factor::stored;
  using G = conv2d_geometry<L, X, Y>;
  // A kernel with a dilation is one with holes: as large as it reaches, and zero in between.
  static constexpr int kh = G::reach_down, kw = G::reach_across;
  static constexpr int sh = G::sh, sw = G::sw, ph = G::ph, pw = G::pw;
  static constexpr int height = G::height, width = G::width, inputs = G::inputs;
  static constexpr int out_height = G::rows, out_width = G::columns, outputs = G::places;
  static constexpr int filters = G::filters, channels = G::channels;
  static constexpr int group_weights = filters * G::taps;

  /// Where w has the weight of filter f, channel c, row u and column v of the kernel; -1 in a hole
  /// and outside.
  static __device__ __forceinline__ int weight_at(int f, int c, int u, int v) {
    if (u >= kh || v >= kw || u % G::down > 0 || v % G::across > 0) return -1;
    return ((f * channels + c) * G::kh + u / G::down) * G::kw + v / G::across;
  }

  // The copy of x. Where there are so few channels that most of a pixel would be zeros, a pixel
  // holds a window's whole row, and there is one pixel for each column of outputs.
  static constexpr bool whole_rows =
      2 * in_pieces<stored>(kw * channels) <= kw * in_pieces<stored>(channels);
  static constexpr int taps = whole_rows ? kw : 1, pixels = whole_rows ? 1 : kw;
  static constexpr int pixel = in_pieces<stored>(taps * channels);
  static constexpr int x_stride = whole_rows ? 1 : sw;
  using x_grid = pixel_grid<(out_height - 1) * sh + kh, (out_width - 1) * x_stride + pixels, pixel>;
  using copy_x = copy_images<Factor, x_grid, channels, height, width, X::size, ph, pw,
                             whole_rows ? sw : 1, taps>;
  using x_windows = windows<x_grid, out_height, out_width, sh, x_stride, 0, 0, kh, pixels * pixel>;
  static constexpr int depth = x_windows::values;  ///< K

  /// Where w has value k of a window of x.
  struct weight_of_window {
    static __device__ __forceinline__ int at(int f, int k) {
      const int u = k / (pixels * pixel), value = k % pixel;
      const int v = k / pixel % pixels + value / channels;
      if (value >= taps * channels) return -1;
      return weight_at(f, value % channels, u, v);
    }
  };
  using copy_w = copy_weights<Factor, weight_of_window, depth>;
  using w_grid = pixel_grid<1, 1, depth>;
  using w_rows = windows<w_grid, 1, 1, 1, 1, 0, 0, 1, depth>;

  // The copy of dy. Inputs come in blocks of sh x sw, of which the first that is not all padding
  // has number (first_down, first_across); block q has to do with outputs q - near + 1 ... q,
  // near_down of them down and near_across across.
  static constexpr int near_down = ceil_div(kh, sh), near_across = ceil_div(kw, sw);
  static constexpr int first_down = ph / sh, first_across = pw / sw;
  static constexpr int end_down = (height - 1 + ph) / sh + 1;
  static constexpr int end_across = (width - 1 + pw) / sw + 1;
  static constexpr int blocks_down = end_down - first_down;
  static constexpr int blocks_across = end_across - first_across,
                       blocks = blocks_down * blocks_across;
  static constexpr int top = std::max(0, near_down - 1 - first_down);
  static constexpr int left = std::max(0, near_across - 1 - first_across);
  static constexpr int dy_pixel = in_pieces<stored>(filters);
  using dy_grid = pixel_grid<top + std::max(out_height, end_down),
                             left + std::max(out_width, end_across), dy_pixel>;
  using copy_dy =
      copy_images<Factor, dy_grid, filters, out_height, out_width, Y::size, top, left, 1, 1>;
  using dy_pixels = windows<dy_grid, out_height, out_width, 1, 1, top, left, 1, dy_pixel>;
  using dy_windows =
      windows<dy_grid, blocks_down, blocks_across, 1, 1, top + first_down - (near_down - 1),
              left + first_across - (near_across - 1), near_down, near_across * dy_pixel>;
  static constexpr int block_rows = channels * sh * sw, block_depth = dy_windows::values;

  /// Where w has value k of a window of dy, as input (c, a, b) of a block sees it.
  struct weight_of_block {
    static __device__ __forceinline__ int at(int row, int k) {
      const int c = row / (sh * sw), a = row / sw % sh, b = row % sw;
      const int f = k % dy_pixel;
      const int u = a + sh * (near_down - 1 - k / (near_across * dy_pixel));
      const int v = b + sw * (near_across - 1 - k / dy_pixel % near_across);
      return f >= filters ? -1 : weight_at(f, c, u, v);
    }
  };
  using copy_w_of_blocks = copy_weights<Factor, weight_of_block, block_depth>;
  using block_grid = pixel_grid<1, 1, block_depth>;
  using block_w_rows = windows<block_grid, 1, 1, 1, 1, 0, 0, 1, block_depth>;

  /// y = sum + bias, and what a tail (cuda.cuh) makes of it.
  template <class Tail>
  struct output {
    float* y;
    const float* bias;
    Tail tail;
    using line = std::int64_t;
    __device__ line at(int place) const {
      return std::int64_t{place / outputs} * Y::size + place % outputs;
    }
    __device__ void store(line image, int f, float sum) const {
      const std::int64_t at = image + f * outputs;
      y[at] = tail(L::has_bias ? sum + bias[f] : sum, f, at);
    }
  };
  struct input_gradient {
    float* dx;
    struct line {
      float* image;
      int i, j;
    };
    __device__ line at(int block) const {
      return {dx + block / blocks * X::size,
              (block / blocks_across % blocks_down + first_down) * sh - ph,
              (block % blocks_across + first_across) * sw - pw};
    }
    __device__ void store(const line& to, int row, float sum) const {
      const int i = to.i + row / sw % sh, j = to.j + row % sw;
      if (i >= 0 && i < height && j >= 0 && j < width)
        to.image[(row / (sh * sw) * height + i) * width + j] = sum;
    }
  };
  struct weight_gradient {
    float* dw;
    using line = int;
    __device__ line at(int k) const { return weight_of_window::at(0, k); }
    __device__ void store(line place, int f, float sum) const {
      if (place >= 0) dw[f * G::taps + place] = sum;
    }
  };

  // The memory that a batch works in, in values of factors: copies of images, copies of weights.
  static constexpr std::int64_t x_copy(std::int64_t batch) { return padded(batch * x_grid::size); }
  static constexpr std::int64_t dy_copy(std::int64_t batch) {
    return padded(batch * dy_grid::size);
  }
  static constexpr std::int64_t w_copy = padded(std::int64_t{filters} * depth);
  static constexpr std::int64_t w_copy_of_blocks = padded(std::int64_t{block_rows} * block_depth);
};

}  // namespace tnn::detail
