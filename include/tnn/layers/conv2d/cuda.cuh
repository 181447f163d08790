#pragma once
// Conv2d on Cuda: three products (backend/cuda/product.cuh) whose operands are read from the
// images, with every extent known to the compiler; no matrix of patches exists. With K = C/G KH KW
// and P = OH OW:
//   y  (F, N P) = b + w (F, K) x patches (K, N P)
//   dx (C, N HW) = w^T (C, F KH KW) x the dy whose window covers the input
//   dw (F, K)   = dy (F, N P) x patches^T (N P, K), in parts of whole images, added up in order
#include <algorithm>

#include <tnn/backend/cuda/cuda.cuh>
#include <tnn/backend/cuda/product.cuh>
#include <tnn/backend/cuda/range.cuh>
#include <tnn/backend/cuda/row_sums.cuh>
#include <tnn/core/add_up.hpp>
#include <tnn/core/compute.hpp>
#include <tnn/layers/conv2d/conv2d.hpp>
#include <tnn/layers/relu/compute.hpp>

namespace tnn {
namespace detail {

template <class L, class X, class Y>
struct conv2d_cuda {
  static constexpr int kh = L::kernel::height, kw = L::kernel::width;
  static constexpr int sh = L::stride::height, sw = L::stride::width;
  static constexpr int ph = L::padding::height, pw = L::padding::width;
  static constexpr int down = L::dilation::height, across = L::dilation::width;
  static constexpr int height = X::extent(1), width = X::extent(2);
  static constexpr int out_height = Y::extent(1), out_width = Y::extent(2);
  static constexpr int inputs = height * width, places = out_height * out_width;
  static constexpr int filters = L::filters / L::groups, channels = X::extent(0) / L::groups;
  static constexpr int window = kh * kw, depth = channels * window;
  static constexpr std::int64_t x_size = X::size, y_size = Y::size;

  /// A (F, K): the weights.
  struct weights {
    static constexpr bool along = true;
    static constexpr int together = depth % 4 == 0 ? 4 : 1;
    const float* w;
    using line = int;
    __device__ line at(int f) const { return f * depth; }
    __device__ auto load(line row, int k) const { return load_together<together>(w + row + k); }
  };

  /// Where an output's window begins; it may lie outside.
  struct corner {
    const float* image;
    int top, left;
    __device__ float load(int c, int u, int v) const {
      const int r = top + u * down, s = left + v * across;
      const bool inside = r >= 0 && r < height && s >= 0 && s < width;
      return inside ? image[(c * height + r) * width + s] : 0.0f;
    }
  };
  static __device__ corner corner_of(const float* x, int image, int place) {
    return {x + image * x_size, place / out_width * sh - ph, place % out_width * sw - pw};
  }

  /// B (K, N P): the patches.
  struct patches {
    static constexpr bool along = false;
    static constexpr int together = 1;
    const float* x;
    using line = corner;
    __device__ line at(int column) const { return corner_of(x, column / places, column % places); }
    __device__ float load(line c, int k) const { return c.load(k / window, k / kw % kh, k % kw); }
  };
  template <bool Relu>
  struct outputs {
    float* y;
    const float* bias;
    using line = float*;
    __device__ line at(int column) const { return y + column / places * y_size + column % places; }
    __device__ void store(line to, int, int f, float sum) const {
      const float value = L::has_bias ? sum + bias[f] : sum;
      to[f * places] = Relu ? relu_math::y(value) : value;
    }
  };

  /// A (C, F KH KW): the weights, seen from the input.
  struct weights_of_channel {
    static constexpr bool along = true;
    static constexpr int together = 1;
    const float* w;
    using line = int;
    __device__ line at(int c) const { return c * window; }
    __device__ float load(line row, int k) const {
      return w[row + k / window * depth + k % window];
    }
  };
  /// B (F KH KW, N HW): what an input's share of each window's gradient is; 0 where the window
  /// skips it.
  struct gradients_over {
    static constexpr bool along = false;
    static constexpr int together = 1;
    const float* dy;
    struct line {
      int image, place;  // little is kept: registers are what this kernel has least of
    };
    __device__ line at(int column) const { return {column / inputs, column % inputs}; }
    __device__ float load(line at, int k) const {
      const int i = at.place / width + ph - k / kw % kh * down;
      const int j = at.place % width + pw - k % kw * across;
      const bool inside = i >= 0 && j >= 0 && i % sh == 0 && j % sw == 0 && i / sh < out_height &&
                          j / sw < out_width;
      return inside ? dy[at.image * y_size + (k / window * places + i / sh * out_width + j / sw)]
                    : 0.0f;
    }
  };
  struct input_gradients {
    float* dx;
    using line = float*;
    __device__ line at(int column) const { return dx + column / inputs * x_size + column % inputs; }
    __device__ void store(line to, int, int c, float sum) const { to[c * inputs] = sum; }
  };

  /// A (F, N P): the gradients of the outputs.
  struct gradients {
    static constexpr bool along = true;
    static constexpr int together = places % 4 == 0 ? 4 : 1;
    const float* dy;
    using line = int;
    __device__ line at(int f) const { return f * places; }
    __device__ auto load(line row, int k) const {
      return load_together<together>(dy + k / places * y_size + (row + k % places));
    }
  };
  /// B (N P, K): the patches again, with the places to be added up.
  struct patches_transposed {
    static constexpr bool along = true;
    static constexpr int together = 1;
    const float* x;
    struct line {
      int c, u, v;
    };
    __device__ line at(int k) const { return {k / window, k / kw % kh, k % kw}; }
    __device__ float load(line at, int place) const {
      return corner_of(x, place / places, place % places).load(at.c, at.u, at.v);
    }
  };
  struct weight_parts {
    float* parts;  ///< (parts, F, K) of all groups
    using line = float*;
    __device__ line at(int k) const { return parts + k; }
    __device__ void store(line to, int part, int f, float sum) const {
      to[part * (std::int64_t{L::filters} * depth) + f * depth] = sum;
    }
  };
};

}  // namespace detail

/// Relu: with the ReLU behind it.
template <class L, class X, class Y, bool Relu>
struct cuda_convolution : compute_base {
  using conv = detail::conv2d_cuda<L, X, Y>;
  static constexpr bool backward_reads_x = true, backward_reads_y = Relu;
  static constexpr std::int64_t weights = std::int64_t{L::filters} * conv::depth;

  /// Parts of the weight gradient: at most as many as make some 256 blocks of 128 x 128, each of as
  /// many whole images.
  static constexpr std::int64_t blocks =
      std::int64_t{(conv::filters + 127) / 128} * ((conv::depth + 127) / 128);
  static constexpr int most_parts = static_cast<int>(blocks < 256 ? 256 / blocks : 1);
  static constexpr int images_a_part(int batch) { return (batch + most_parts - 1) / most_parts; }
  static constexpr int parts(int batch) {
    return (batch + images_a_part(batch) - 1) / images_a_part(batch);
  }
  /// Enough for smaller batches too: 6 images may be more parts than 8.
  static constexpr std::int64_t scratch(std::int64_t batch, int, mode m) {
    return m == mode::train ? (batch < most_parts ? batch : most_parts) * weights : 0;
  }

  static void forward(Cuda& cuda, const auto& p) {
    detail::require_indices(p.batch, conv::places);
    for (int g = 0; g < L::groups; ++g) {
      const typename conv::weights w{p.get(tensor_name::weight{}) +
                                     g * conv::filters * conv::depth};
      const typename conv::patches x{p.x + g * conv::channels * conv::inputs};
      const typename conv::template outputs<Relu> y{
          p.y + g * conv::filters * conv::places,
          detail::bias_from(p.find(tensor_name::bias{}), g * conv::filters)};
      detail::product<conv::filters>(
          cuda, w, x, y, {conv::filters, p.batch * conv::places, conv::depth, conv::depth});
    }
  }

  static void backward(Cuda& cuda, const auto& p) {
    detail::require_indices(p.batch, std::max(conv::places, p.dx ? conv::inputs : 0));
    if constexpr (Relu)
      cuda.for_each(p.batch * Y::size,
                    elementwise_backward<relu_math, float>{nullptr, p.y, p.dy, p.dy});
    weight_gradient(cuda, p);
    if constexpr (L::has_bias) {
      const Cuda::Range range(cuda, "bias gradient");
      detail::row_sums<L::filters, conv::places>(cuda.stream(), p.dy,
                                                 p.gradient(tensor_name::bias{}), p.batch);
    }
    if (p.dx != nullptr) data_gradient(cuda, p);
  }

 private:
  static void weight_gradient(Cuda& cuda, const auto& p) {
    const Cuda::Range range(cuda, "weight gradient");
    const int part = images_a_part(p.batch) * conv::places;
    for (int g = 0; g < L::groups; ++g) {
      const float* dy = p.dy + g * conv::filters * conv::places;
      const float* x = p.x + g * conv::channels * conv::inputs;
      float* sums = p.scratch + std::int64_t{g} * conv::filters * conv::depth;
      detail::product<conv::filters>(cuda, typename conv::gradients{dy},
                                     typename conv::patches_transposed{x},
                                     typename conv::weight_parts{sums},
                                     {conv::filters, conv::depth, p.batch * conv::places, part});
    }
    cuda.for_each(weights, detail::add_up<float>{p.scratch, p.gradient(tensor_name::weight{}),
                                                 weights, parts(p.batch)});
  }
  static void data_gradient(Cuda& cuda, const auto& p) {
    const Cuda::Range range(cuda, "data gradient");
    for (int g = 0; g < L::groups; ++g) {
      const float* w = p.get(tensor_name::weight{}) + g * conv::filters * conv::depth;
      const float* dy = p.dy + g * conv::filters * conv::places;
      float* dx = p.dx + g * conv::channels * conv::inputs;
      constexpr int depth = conv::filters * conv::window;
      detail::product<conv::channels>(cuda, typename conv::weights_of_channel{w},
                                      typename conv::gradients_over{dy},
                                      typename conv::input_gradients{dx},
                                      {conv::channels, p.batch * conv::inputs, depth, depth});
    }
  }
};

template <int F, class... O, class X, class Y>
struct compute<Cuda, float, bound<Conv2d<F, O...>, X, Y>>
    : cuda_convolution<Conv2d<F, O...>, X, Y, false> {};

template <int F, class... O, class X, class Y>
struct compute<Cuda, float, bound<Conv2d<F, O...>, X, Y>, bound<ReLU, Y, Y>>
    : cuda_convolution<Conv2d<F, O...>, X, Y, true> {};

}  // namespace tnn
