#pragma once
// Conv2d on Cuda: three products (backend/cuda/product.cuh) of copies of images and weights
// (cuda_copies.cuh), with every extent known to the compiler (cuda_geometry.cuh). No matrix of
// patches exists: the copies are about as large as what they are of.
#include <climits>

#include <tnn/backend/cuda/range.cuh>
#include <tnn/backend/cuda/row_sums.cuh>
#include <tnn/core/compute.hpp>
#include <tnn/layers/batchnorm/affine.hpp>
#include <tnn/layers/conv2d/cuda_geometry.cuh>
#include <tnn/layers/elementwise.hpp>

namespace tnn {

namespace detail {

/// Rows, columns and depth of a product are ints, with what a tile has past its end.
inline void require_indices(int batch, int values) {
  constexpr int most = INT_MAX - 127;
  if (batch > most / values)
    throw error("Conv2d on Cuda numbers the " + std::to_string(values) +
                " places of all images by one int: a batch of " + std::to_string(batch) +
                " has too many, " + std::to_string(most / values) + " is the largest that fits");
}

/// Makes y[at] of filter f's value. from(): the same for a group that begins at that filter and
/// that value.
template <bool Relu>
struct cuda_tail {
  static constexpr bool relu = Relu;
  constexpr cuda_tail from(std::int64_t, std::int64_t) const { return {}; }
  __device__ float operator()(float value, int, std::int64_t) const {
    return Relu ? relu_math::y(value) : value;
  }
};
/// In inference a BatchNorm2d; with Adds the sum with another branch's value; ReLU.
template <bool Adds, bool Relu>
struct cuda_norm_tail {
  static constexpr bool relu = Relu;
  const float* scale;
  const float* shift;
  const float* other;
  constexpr cuda_norm_tail from(std::int64_t filter, std::int64_t value) const {
    return {scale + filter, shift + filter, Adds ? other + value : nullptr};
  }
  __device__ float operator()(float value, int f, std::int64_t at) const {
    float v = scale[f] * value + shift[f];
    if constexpr (Adds) v += other[at];
    return Relu ? relu_math::y(v) : v;
  }
};

}  // namespace detail

/// Tail: what follows the convolution.
template <class L, class X, class Y, class Tail>
struct cuda_convolution : compute_base {
  static constexpr bool backward_reads_x = true, backward_reads_y = Tail::relu;

  static constexpr std::int64_t scratch(std::int64_t batch, int, mode m) {
    return std::max(memory<detail::fp32_factor>::most(batch, m),
                    memory<detail::bf16_factor>::most(batch, m));
  }

  static void forward(Cuda& cuda, const auto& p, Tail tail = {}) {
    detail::with_factor(cuda.precision,
                        [&]<class Factor>(Factor) { forward<Factor>(cuda, p, tail); });
  }
  static void backward(Cuda& cuda, const auto& p) {
    using conv = cuda_convolution::conv<detail::fp32_factor>;
    detail::require_indices(p.batch, std::max(conv::outputs, p.dx ? conv::blocks : 0));
    if constexpr (Tail::relu)
      cuda.for_each(p.batch * Y::size,
                    elementwise_backward<relu_math, float>{nullptr, p.y, p.dy, p.dy});
    detail::with_factor(cuda.precision, [&]<class Factor>(Factor) {
      weight_gradient<Factor>(cuda, p);
      if constexpr (L::has_bias) bias_gradient<Factor>(cuda, p);
      if (p.dx != nullptr) data_gradient<Factor>(cuda, p);
    });
  }

 private:
  template <class Factor>
  using conv = detail::conv2d_cuda<L, X, Y, Factor>;

  static constexpr std::int64_t most_bias_sums =
      std::int64_t{L::filters} * detail::row_sums_parts(L::filters, 1024);

  /// What a group works in: copies of factors, then the sums of a product's parts, in floats.
  template <class Factor>
  struct memory {
    using conv = cuda_convolution::conv<Factor>;
    using stored = typename Factor::stored;
    using y_cut = detail::product_cut<conv::filters>;
    using dw_cut = detail::product_cut<conv::filters>;
    using dx_cut = detail::product_cut<conv::block_rows>;

    static constexpr std::int64_t floats(std::int64_t values) {
      return values * std::int64_t{sizeof(stored)} / std::int64_t{sizeof(float)};
    }
    static constexpr std::int64_t of_y(std::int64_t batch) {
      return floats(conv::x_copy(batch) + conv::w_copy) +
             y_cut::values(batch * conv::outputs, conv::depth);
    }
    /// And of the bias: the partial sums of its gradient reuse the place of the weights'.
    static constexpr std::int64_t of_dw(std::int64_t batch) {
      return floats(conv::dy_copy(batch) + conv::x_copy(batch)) +
             std::max(dw_cut::values(conv::depth, batch * conv::outputs), most_bias_sums);
    }
    static constexpr std::int64_t of_dx(std::int64_t batch) {
      return floats(conv::dy_copy(batch) + conv::w_copy_of_blocks) +
             dx_cut::values(batch * conv::blocks, conv::block_depth);
    }
    static constexpr std::int64_t most(std::int64_t batch, mode m) {
      const std::int64_t y = of_y(batch);
      return m == mode::train ? std::max({y, of_dw(batch), of_dx(batch)}) : y;
    }

    stored *first, *second;
    float* parts;
    /// values: of the first copy; both: of the two together.
    memory(float* scratch, std::int64_t values, std::int64_t both)
        : first(reinterpret_cast<stored*>(scratch)),
          second(first + values),
          parts(scratch + floats(both)) {}
  };

  template <class Windows, bool ByPlace, class Stored>
  static detail::window_matrix<Stored, Windows, ByPlace> matrix(const Stored* from) {
    return {from};
  }

  template <class Factor>
  static void forward(Cuda& cuda, const auto& p, Tail tail) {
    using conv = cuda_convolution::conv<Factor>;
    using output = typename conv::template output<Tail>;
    detail::require_indices(p.batch, conv::outputs);
    const std::int64_t values = conv::x_copy(p.batch);
    const memory<Factor> in(p.scratch, values, values + conv::w_copy);
    for (int g = 0; g < L::groups; ++g) {
      copy_x<Factor>(cuda, p, g, in.first);
      cuda.for_each(conv::copy_w::count(conv::filters),
                    typename conv::copy_w{group_weights<Factor>(p, g), in.second});
      detail::product<conv::filters, Factor>(
          cuda, matrix<typename conv::w_rows, true>(in.second),
          matrix<typename conv::x_windows, true>(in.first),
          output{p.y + g * conv::filters * conv::outputs,
                 detail::bias_from(p.find(tensor_name::bias{}), g * conv::filters),
                 tail.from(g * conv::filters, g * conv::filters * conv::outputs)},
          p.batch * conv::outputs, conv::depth, in.parts);
    }
  }

  template <class Factor>
  static memory<Factor> memory_of_dw(const auto& p) {
    const std::int64_t values = conv<Factor>::dy_copy(p.batch);
    return {p.scratch, values, values + conv<Factor>::x_copy(p.batch)};
  }
  template <class Factor>
  static void weight_gradient(Cuda& cuda, const auto& p) {
    using conv = cuda_convolution::conv<Factor>;
    const Cuda::Range range(cuda, "weight gradient");
    const memory<Factor> in = memory_of_dw<Factor>(p);
    for (int g = 0; g < L::groups; ++g) {
      copy_dy<Factor>(cuda, p, g, in.first);
      copy_x<Factor>(cuda, p, g, in.second);
      detail::product<conv::filters, Factor>(
          cuda, matrix<typename conv::dy_pixels, false>(in.first),
          matrix<typename conv::x_windows, false>(in.second),
          typename conv::weight_gradient{p.gradient(tensor_name::weight{}) +
                                         g * conv::group_weights},
          conv::depth, p.batch * conv::outputs, in.parts);
    }
  }

  template <class Factor>
  static void bias_gradient(Cuda& cuda, const auto& p) {
    const Cuda::Range range(cuda, "bias gradient");
    const memory<Factor> in = memory_of_dw<Factor>(p);
    detail::row_sums<L::filters, conv<Factor>::outputs>(
        cuda.stream(), p.dy, p.gradient(tensor_name::bias{}), p.batch, in.parts);
  }

  template <class Factor>
  static void data_gradient(Cuda& cuda, const auto& p) {
    using conv = cuda_convolution::conv<Factor>;
    const Cuda::Range range(cuda, "data gradient");
    const std::int64_t values = conv::dy_copy(p.batch);
    const memory<Factor> in(p.scratch, values, values + conv::w_copy_of_blocks);
    for (int g = 0; g < L::groups; ++g) {
      // Of a single group the weight gradient has left the copy where it is.
      if (L::groups > 1) copy_dy<Factor>(cuda, p, g, in.first);
      cuda.for_each(conv::copy_w_of_blocks::count(conv::block_rows),
                    typename conv::copy_w_of_blocks{group_weights<Factor>(p, g), in.second});
      detail::product<conv::block_rows, Factor>(
          cuda, matrix<typename conv::block_w_rows, true>(in.second),
          matrix<typename conv::dy_windows, true>(in.first),
          typename conv::input_gradient{p.dx + g * conv::channels * conv::inputs},
          p.batch * conv::blocks, conv::block_depth, in.parts);
    }
  }

  template <class Factor>
  static void copy_x(Cuda& cuda, const auto& p, int g, typename Factor::stored* to) {
    using conv = cuda_convolution::conv<Factor>;
    cuda.for_each(conv::copy_x::count(p.batch),
                  typename conv::copy_x{p.x + g * conv::channels * conv::inputs, to});
  }
  template <class Factor>
  static void copy_dy(Cuda& cuda, const auto& p, int g, typename Factor::stored* to) {
    using conv = cuda_convolution::conv<Factor>;
    cuda.for_each(conv::copy_dy::count(p.batch),
                  typename conv::copy_dy{p.dy + g * conv::filters * conv::outputs, to});
  }
  template <class Factor>
  static const float* group_weights(const auto& p, int g) {
    return p.get(tensor_name::weight{}) + g * conv<Factor>::group_weights;
  }
};

template <int F, class... O, class X, class Y>
struct compute<Cuda, float, bound<Conv2d<F, O...>, X, Y>>
    : cuda_convolution<Conv2d<F, O...>, X, Y, detail::cuda_tail<false>> {};

template <int F, class... O, class X, class Y>
struct compute<Cuda, float, bound<Conv2d<F, O...>, X, Y>, bound<ReLU, Y, Y>>
    : cuda_convolution<Conv2d<F, O...>, X, Y, detail::cuda_tail<true>> {};

// With a BatchNorm2d, and what may follow that, in inference.
template <int F, class... O, class... N, class X, class Y, class... Behind>
requires(detail::follows_norm<Behind...>) struct compute<Cuda, float, bound<Conv2d<F, O...>, X, Y>,
                                                         bound<BatchNorm2d<N...>, Y, Y>, Behind...>
    : detail::normed_convolution<
          float,
          cuda_convolution<Conv2d<F, O...>, X, Y,
                           detail::cuda_norm_tail<detail::is_behind<Sum, Behind...>,
                                                  detail::is_behind<ReLU, Behind...>>>,
          BatchNorm2d<N...>, Y> {
};

}  // namespace tnn
