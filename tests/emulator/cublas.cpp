// The product that stands for cuBLAS's, and the mistakes that it finds.
#include <cublas_v2.h>

#include <cmath>

#include "emulator/child.hpp"
#include "emulator/device_vector.hpp"
#include "support/values.hpp"

namespace {

constexpr auto N = CUBLAS_OP_N, T = CUBLAS_OP_T;
const float one = 1, zero = 0;

struct handle {
  handle() { REQUIRE(cublasCreate(&h) == CUBLAS_STATUS_SUCCESS); }
  ~handle() { cublasDestroy(h); }
  handle(const handle&) = delete;
  handle& operator=(const handle&) = delete;
  operator cublasHandle_t() const { return h; }
  cublasHandle_t h = nullptr;
};

/// Element (i, j) of op(a), a column-major with leading dimension ld.
double element(const std::vector<float>& a, cublasOperation_t op, int i, int j, int ld) {
  if (op == T) std::swap(i, j);
  return static_cast<double>(a[static_cast<std::size_t>(i + j * ld)]);
}

}  // namespace

TEST_CASE("products of every orientation") {
  const auto ta = GENERATE(N, T), tb = GENERATE(N, T);
  const float alpha = GENERATE(1.0f, -0.5f), beta = GENERATE(0.0f, 2.0f);
  constexpr int m = 5, n = 4, k = 3, lda = 7, ldb = 6, ldc = 8;
  const auto a = formula_values<float>(1, 35), b = formula_values<float>(2, 24),
             c = formula_values<float>(3, ldc * n);
  const device_vector x(a), y(b), z(c);
  const handle h;
  REQUIRE(cublasSgemm(h, ta, tb, m, n, k, &alpha, x.data, lda, y.data, ldb, &beta, z.data, ldc) ==
          CUBLAS_STATUS_SUCCESS);
  const auto found = z.values();
  for (int j = 0; j < n; ++j)
    for (int i = 0; i < ldc; ++i) {
      const auto at = static_cast<std::size_t>(i + j * ldc);
      double expected = static_cast<double>(c[at]);
      if (i < m) {
        expected *= static_cast<double>(beta);
        for (int p = 0; p < k; ++p)
          expected +=
              static_cast<double>(alpha) * element(a, ta, i, p, lda) * element(b, tb, p, j, ldb);
      }
      CHECK(std::abs(static_cast<double>(found[at]) - expected) < 1e-6);
    }
}

TEST_CASE("sizes that cuBLAS refuses") {
  const device_vector x(std::vector<float>(100, 1.0f)), z(std::vector<float>(100, 1.0f));
  const handle h;
  const auto call = [&](cublasOperation_t ta, cublasOperation_t tb, int m, int n, int k, int lda,
                        int ldb, int ldc) {
    return cublasSgemm(h, ta, tb, m, n, k, &one, x.data, lda, x.data, ldb, &zero, z.data, ldc);
  };
  const auto invalid = CUBLAS_STATUS_INVALID_VALUE;
  CHECK(call(N, N, 4, 3, 2, 4, 2, 4) == CUBLAS_STATUS_SUCCESS);
  CHECK(call(N, N, -1, 3, 2, 4, 2, 4) == invalid);
  CHECK(call(N, N, 4, -1, 2, 4, 2, 4) == invalid);
  CHECK(call(N, N, 4, 3, -1, 4, 2, 4) == invalid);
  CHECK(call(N, N, 4, 3, 2, 3, 2, 4) == invalid);
  CHECK(call(N, N, 4, 3, 2, 4, 1, 4) == invalid);
  CHECK(call(N, N, 4, 3, 2, 4, 2, 3) == invalid);
  CHECK(call(T, N, 4, 3, 2, 1, 2, 4) == invalid);
  CHECK(call(T, N, 4, 3, 2, 2, 2, 4) == CUBLAS_STATUS_SUCCESS);
  CHECK(call(N, T, 4, 3, 2, 4, 2, 4) == invalid);
  CHECK(call(N, T, 4, 3, 2, 4, 3, 4) == CUBLAS_STATUS_SUCCESS);
  CHECK(call(N, N, 0, 3, 2, 1, 2, 1) == CUBLAS_STATUS_SUCCESS);
  CHECK(cublasSgemm(nullptr, N, N, 1, 1, 1, &one, x.data, 1, x.data, 1, &zero, z.data, 1) ==
        CUBLAS_STATUS_NOT_INITIALIZED);
  CHECK(cublasSetStream(h, reinterpret_cast<cudaStream_t>(16)) == invalid);
  CHECK(cublasSetWorkspace(h, x.data + 1, 16) == invalid);
  CHECK(cublasSetWorkspace(h, x.data, 1000) == invalid);
  synchronize();
}

TEST_CASE("operands that leave their allocation, or overlap the result") {
  const device_vector x(std::vector<float>(12, 1.0f)), y(std::vector<float>(12, 1.0f)),
      z(std::vector<float>(12, 1.0f));
  const handle h;
  const auto call = [&](int m, int n, int k, int lda, const float* a, const float* b, float* c,
                        const float* beta = &zero) {
    return [=, &h] {
      CHECK(cublasSgemm(h, N, N, m, n, k, &one, a, lda, b, k, beta, c, m) == CUBLAS_STATUS_SUCCESS);
      synchronize();
    };
  };
  CHECK(failure_of(call(4, 3, 3, 4, x.data, y.data, z.data)) == "");
  CHECK(fails(call(4, 3, 3, 5, x.data, y.data, z.data),
              "cublasSgemm: a (4 x 3, leading dimension 5)", "one device allocation"));
  CHECK(fails(call(4, 3, 3, 4, x.data + 1, y.data, z.data), "cublasSgemm: a"));
  CHECK(fails(call(4, 3, 3, 4, x.data, y.data + 4, z.data), "cublasSgemm: b"));
  CHECK(fails(call(4, 3, 3, 4, x.data, y.data, z.data + 1), "cublasSgemm: c"));
  CHECK(fails(call(4, 3, 3, 4, x.data, nullptr, z.data), "cublasSgemm: b"));
  CHECK(fails(call(4, 3, 3, 4, &one, y.data, z.data), "cublasSgemm: a"));
  CHECK(fails(call(4, 3, 3, 4, x.data, y.data, x.data), "overlaps"));
  CHECK(fails(call(1, 1, 1, 1, x.data, y.data, y.data), "overlaps"));
}

TEST_CASE("the result is not read where beta is zero, and scalars may live on the device") {
  const device_vector x(std::vector<float>(4, 2.0f)), y(std::vector<float>(4, 3.0f)),
      z(std::vector<float>(4, std::nanf(""))), scalars({10.0f, 0.0f});
  const handle h;
  REQUIRE(cublasSetPointerMode(h, CUBLAS_POINTER_MODE_DEVICE) == CUBLAS_STATUS_SUCCESS);
  REQUIRE(cublasGemmEx(h, N, N, 2, 2, 2, scalars.data, x.data, CUDA_R_32F, 2, y.data, CUDA_R_32F, 2,
                       scalars.data + 1, z.data, CUDA_R_32F, 2, CUBLAS_COMPUTE_32F,
                       CUBLAS_GEMM_DEFAULT) == CUBLAS_STATUS_SUCCESS);
  for (const float v : z.values()) CHECK(v == 120);
  CHECK(cublasGemmEx(h, N, N, 2, 2, 2, scalars.data, x.data, CUDA_R_16BF, 2, y.data, CUDA_R_16BF, 2,
                     scalars.data, z.data, CUDA_R_32F, 2, CUBLAS_COMPUTE_32F,
                     CUBLAS_GEMM_DEFAULT) == CUBLAS_STATUS_NOT_SUPPORTED);
}

TEST_CASE("a compute type rounds the factors, and nothing else") {
  constexpr int m = 3, n = 2, k = 4, lda = 5, ldb = 6;
  // Beside the factors lie numbers that may not be read as such.
  const auto a = formula_values<float>(1, lda * m), b = formula_values<float>(2, ldb * n);
  const device_vector x(a), y(b), z(std::vector<float>(m * n));
  const auto found_with = [&](cublasComputeType_t compute) {
    const handle h;
    REQUIRE(cublasGemmEx(h, T, N, m, n, k, &one, x.data, CUDA_R_32F, lda, y.data, CUDA_R_32F, ldb,
                         &zero, z.data, CUDA_R_32F, m, compute,
                         CUBLAS_GEMM_DEFAULT) == CUBLAS_STATUS_SUCCESS);
    return z.values();
  };
  const auto expected = [&](auto round) {
    std::vector<double> c;
    for (int j = 0; j < n; ++j)
      for (int i = 0; i < m; ++i) {
        c.push_back(0);
        for (int p = 0; p < k; ++p)
          c.back() += round(element(a, T, i, p, lda)) * round(element(b, N, p, j, ldb));
      }
    return c;
  };
  const auto bits = [](int kept) {
    return [=](double v) {
      int exponent = 0;
      const double fraction = std::frexp(v, &exponent);
      return std::ldexp(std::nearbyint(std::ldexp(fraction, kept)), exponent - kept);
    };
  };
  const auto fp32 = found_with(CUBLAS_COMPUTE_32F), tf32 = found_with(CUBLAS_COMPUTE_32F_FAST_TF32),
             bf16 = found_with(CUBLAS_COMPUTE_32F_FAST_16BF);
  CHECK(relative_error(fp32, expected([](double v) { return v; })) < 1e-6);
  CHECK(relative_error(tf32, expected(bits(11))) < 1e-6);
  CHECK(relative_error(bf16, expected(bits(8))) < 1e-6);
  CHECK((fp32 != tf32 && tf32 != bf16));
  const handle h;
  CHECK(cublasGemmEx(h, T, N, m, n, k, &one, x.data, CUDA_R_32F, k - 1, y.data, CUDA_R_32F, ldb,
                     &zero, z.data, CUDA_R_32F, m, CUBLAS_COMPUTE_32F_FAST_16BF,
                     CUBLAS_GEMM_DEFAULT) == CUBLAS_STATUS_INVALID_VALUE);
}

TEST_CASE("a product runs in its handle's stream and graph, and spoils the workspace") {
  const device_vector x(std::vector<float>(4, 2.0f)), y(std::vector<float>(4, 3.0f)),
      z(std::vector<float>(4, 1.0f)), workspace(std::vector<float>(64, 1.0f));
  const handle h;
  cudaStream_t s = nullptr;
  REQUIRE(cudaStreamCreateWithFlags(&s, cudaStreamNonBlocking) == cudaSuccess);
  REQUIRE(cublasSetStream(h, s) == CUBLAS_STATUS_SUCCESS);
  REQUIRE(cublasSetWorkspace(h, workspace.data, 256) == CUBLAS_STATUS_SUCCESS);
  REQUIRE(cudaStreamBeginCapture(s, cudaStreamCaptureModeGlobal) == cudaSuccess);
  REQUIRE(cublasSgemm(h, N, N, 2, 2, 2, &one, x.data, 2, y.data, 2, &one, z.data, 2) ==
          CUBLAS_STATUS_SUCCESS);
  cudaGraph_t graph = nullptr;
  REQUIRE(cudaStreamEndCapture(s, &graph) == cudaSuccess);
  cudaGraphExec_t exec = nullptr;
  REQUIRE(cudaGraphInstantiate(&exec, graph) == cudaSuccess);
  CHECK(z.values()[0] == 1);
  CHECK(workspace.values()[63] == 1);
  REQUIRE(cudaGraphLaunch(exec, s) == cudaSuccess);
  REQUIRE(cudaGraphLaunch(exec, s) == cudaSuccess);
  REQUIRE(cudaStreamSynchronize(s) == cudaSuccess);
  CHECK(z.values()[0] == 25);
  CHECK(std::isnan(workspace.values()[63]));
  cudaGraphExecDestroy(exec), cudaGraphDestroy(graph), cudaStreamDestroy(s);
}
