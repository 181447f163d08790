#pragma once
// Linear on Cuda: cuBLAS. It knows columns where we know rows, so it is asked for the transposes:
//   y^T (O, N) = w (O, I) x x^T (I, N) + b;  dw^T (I, O) = x^T (I, N) x dy (N, O);  dx^T = w^T x
//   dy^T
#include <tnn/backend/cuda/cuda.cuh>
#include <tnn/core/direct.hpp>
#include <tnn/layers/linear/linear.hpp>

namespace tnn {

template <class T>
struct repeat_row {
  const T* row;
  T* to;
  std::int64_t size;
  TNN_HOST_DEVICE constexpr void operator()(std::int64_t i) const { to[i] = row[i % size]; }
};

template <int Out, class... O, class X, class Y>
struct compute<Cuda, float, bound<Linear<Out, O...>, X, Y>> : compute_base {
  static constexpr bool backward_reads_x = true;
  static constexpr int in = static_cast<int>(X::size), out = Out;
  /// What NVIDIA recommends for its largest devices: 32 MiB, as floats.
  static constexpr std::int64_t workspace = 8 << 20;

  static constexpr std::int64_t scratch(std::int64_t, int, mode) { return workspace; }

  static void forward(Cuda& cuda, const pass<float>& p) {
    cuda.for_each(p.batch * std::int64_t{out}, repeat_row<float>{p.bias, p.y, out});
    gemm(cuda, p, {CUBLAS_OP_T, CUBLAS_OP_N, out, p.batch, in}, {p.weight, in}, {p.x, in}, 1,
         {p.y, out});
  }

  static void backward(Cuda& cuda, const pass<float>& p) {
    gemm(cuda, p, {CUBLAS_OP_N, CUBLAS_OP_T, in, out, p.batch}, {p.x, in}, {p.dy, out}, 0,
         {p.dweight, in});
    cuda.for_each(out, bias_gradient<out, 1, float>{p.dy, p.dbias, p.batch});
    if (p.dx != nullptr)
      gemm(cuda, p, {CUBLAS_OP_N, CUBLAS_OP_N, in, p.batch, out}, {p.weight, in}, {p.dy, out}, 0,
           {p.dx, in});
  }

 private:
  struct sizes {
    cublasOperation_t a, b;
    int m, n, k;
  };
  template <class T>
  struct matrix {
    T* values;
    int leading;  ///< rows of a column of it, in memory
  };

  static void gemm(Cuda& cuda, const pass<float>& p, sizes s, matrix<const float> a,
                   matrix<const float> b, float beta, matrix<float> c) {
    const float alpha = 1;
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

}  // namespace tnn
