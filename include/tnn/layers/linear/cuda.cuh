#pragma once
// Linear of I inputs and O outputs on Cuda, on a batch of N, by cuBLAS. cuBLAS reads a matrix
// column after column where we store it row after row, so that it is asked for the transposes:
//   y^T  (O, N) = w   (O, I) x x^T  (I, N) + b
//   dw^T (I, O) = x^T (I, N) x dy   (N, O)
//   dx^T (I, N) = w^T (I, O) x dy^T (O, N)
#include <tnn/backend/cuda/range.cuh>
#include <tnn/layers/direct.hpp>
#include <tnn/layers/dropout/compute.hpp>
#include <tnn/layers/linear/linear.hpp>
#include <tnn/layers/relu/compute.hpp>

namespace tnn {

/// y + b, where HasBias, and then, where Relu, max(y, 0): four values of a sample a call, as
/// Dropout's mask has them.
template <std::int64_t Out, bool HasBias, bool Relu, class T>
struct add_bias {
  static constexpr std::int64_t groups = detail::ceil_div(Out, 4);
  const T* bias;
  T* y;
  TNN_HOST_DEVICE constexpr void operator()(std::int64_t i) const {
    T* row = y + i / groups * Out;
    for (std::int64_t o = i % groups * 4; o < Out && o < i % groups * 4 + 4; ++o) {
      const T value = HasBias ? row[o] + bias[o] : row[o];
      row[o] = Relu ? relu_math::y(value) : value;
    }
  }
};

/// The same, and then the mask over it.
template <class Bias, class Mask>
struct add_bias_and_drop {
  Bias add;
  Mask drop;
  TNN_HOST_DEVICE constexpr void operator()(std::int64_t i) const {
    add(i);
    drop(i);
  }
};

/// dy where y > 0, scaled as Dropout has scaled y; what it dropped is 0 too.
template <class T>
struct relu_dropout_backward {
  const T* y;
  T* dy;
  T scale;
  TNN_HOST_DEVICE constexpr void operator()(std::int64_t i) const {
    dy[i] = y[i] > T{0} ? dy[i] * scale : T{0};
  }
};

/// Rate: of the Dropout that follows the ReLU, or void.
template <class L, class X, bool Relu, class Rate>
struct cuda_linear : compute_base {
  static constexpr bool backward_reads_x = true, backward_reads_y = Relu;
  static constexpr bool drops = !std::is_void_v<Rate>;
  static constexpr int in = static_cast<int>(X::size), out = L::outputs;
  /// What NVIDIA recommends for its largest devices: 32 MiB, as floats.
  static constexpr std::int64_t workspace = 8 << 20;

  static constexpr std::int64_t scratch(std::int64_t, int, mode) { return workspace; }

  static void forward(Cuda& cuda, const auto& p) {
    gemm(cuda, p, {CUBLAS_OP_T, CUBLAS_OP_N, out, p.batch, in}, {p.get(tensor_name::weight{}), in},
         {p.x, in}, {p.y, out});
    using bias = add_bias<out, L::has_bias, Relu, float>;
    const bias add{p.find(tensor_name::bias{}), p.y};
    if constexpr (drops) {
      if (p.mode == mode::train) {
        using mask = dropout_mask<Rate, out, float>;
        const std::uint64_t key = stream_key(p.seed, random_stream::dropout);
        constexpr int after = 2;  // layers: it is the one behind ReLU
        cuda.for_each(p.batch * bias::groups,
                      add_bias_and_drop<bias, mask>{
                          add, {p.y, p.y, key, p.layer + after, p.first_sample, p.step}});
        return;
      }
    }
    if constexpr (L::has_bias || Relu) cuda.for_each(p.batch * bias::groups, add);
  }

  static void backward(Cuda& cuda, const auto& p) {
    if constexpr (Relu)
      cuda.for_each(p.batch * std::int64_t{out}, relu_dropout_backward<float>{p.y, p.dy, scale()});
    {
      const Cuda::Range range(cuda, "weight gradient");
      gemm(cuda, p, {CUBLAS_OP_N, CUBLAS_OP_T, in, out, p.batch}, {p.x, in}, {p.dy, out},
           {p.gradient(tensor_name::weight{}), in});
    }
    if constexpr (L::has_bias) {
      const Cuda::Range range(cuda, "bias gradient");
      cuda.for_each(out,
                    bias_gradient<out, 1, float>{p.dy, p.gradient(tensor_name::bias{}), p.batch});
    }
    if (p.dx == nullptr) return;
    const Cuda::Range range(cuda, "data gradient");
    gemm(cuda, p, {CUBLAS_OP_N, CUBLAS_OP_N, in, p.batch, out}, {p.get(tensor_name::weight{}), in},
         {p.dy, out}, {p.dx, in});
  }

 private:
  static constexpr float scale() {
    if constexpr (drops) {
      return dropout_scale<Rate, float>;
    } else {
      return 1;
    }
  }
  struct sizes {
    cublasOperation_t a, b;
    int m, n, k;
  };
  template <class T>
  struct matrix {
    T* values;
    int leading;  ///< rows of a column of it, in memory
  };

  static void gemm(Cuda& cuda, const auto& p, sizes s, matrix<const float> a, matrix<const float> b,
                   matrix<float> c) {
    const float alpha = 1, beta = 0;
    check(cublasSetWorkspace(cuda.blas(), p.scratch, workspace * sizeof(float)),
          "cublasSetWorkspace");
    check(cublasGemmEx(cuda.blas(), s.a, s.b, s.m, s.n, s.k, &alpha, a.values, CUDA_R_32F,
                       a.leading, b.values, CUDA_R_32F, b.leading, &beta, c.values, CUDA_R_32F,
                       c.leading, compute_type(cuda.precision), CUBLAS_GEMM_DEFAULT),
          "cublasGemmEx");
  }
  static cublasComputeType_t compute_type(cuda_precision precision) {
    switch (precision) {
      case cuda_precision::tf32:
        return CUBLAS_COMPUTE_32F_FAST_TF32;
      case cuda_precision::bf16:
        return CUBLAS_COMPUTE_32F_FAST_16BF;
      default:
        return CUBLAS_COMPUTE_32F;
    }
  }
};

template <int Out, class... O, class X, class Y>
struct compute<Cuda, float, bound<Linear<Out, O...>, X, Y>>
    : cuda_linear<Linear<Out, O...>, X, false, void> {};

template <int Out, class... O, class X, class Y>
struct compute<Cuda, float, bound<Linear<Out, O...>, X, Y>, bound<ReLU, Y, Y>>
    : cuda_linear<Linear<Out, O...>, X, true, void> {};

template <int Out, class... O, class Rate, class X, class Y>
struct compute<Cuda, float, bound<Linear<Out, O...>, X, Y>, bound<ReLU, Y, Y>,
               bound<Dropout<Rate>, Y, Y>> : cuda_linear<Linear<Out, O...>, X, true, Rate> {};

}  // namespace tnn
