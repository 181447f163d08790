// Conv2d and Linear on tensor cores: products of factors that were rounded to tf32 or bf16, the
// same bits from run to run, training that follows fp32's. By nvcc too (tests/gpu), where a tensor
// core adds in an order of its own and cuBLAS rounds in its own way.
#include <optional>

#include <tnn/cuda.cuh>
#include <tnn/reference.hpp>
#include <tnn/train/training.hpp>

#include "support/layer.hpp"
#include "support/orders.hpp"

using namespace tnn;

namespace {

#ifdef TNN_CUDA_EMULATOR
constexpr double sum_error = 1e-6;
#else
constexpr double sum_error = 1e-5;
#endif

/// False, with a word, where there are no tensor cores to test.
bool has_tensor_cores() {
  int major = 0;
  check(cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor, 0),
        "cudaDeviceGetAttribute");
  if (major < 8) WARN("no tensor cores for tf32 and bf16 here");
  return major >= 8;
}

struct format {
  cuda_precision precision;
  int bits;        ///< of the mantissa, the leading one included
  bool ties_even;  ///< or away from zero
};
constexpr format tf32{cuda_precision::tf32, 11, false}, bf16{cuda_precision::bf16, 8, true};

std::vector<double> rounded(std::vector<double> values, const format& f) {
  for (double& x : values) {
    int exponent = 0;
    const double m = std::ldexp(std::frexp(x, &exponent), f.bits);
    x = std::ldexp(f.ties_even ? std::nearbyint(m) : std::round(m), exponent - f.bits);
  }
  return values;
}
question rounded(question q, const format& f) {
  for (auto* part : {&q.x, &q.weight, &q.dy}) *part = rounded(*part, f);
  return q;
}
question absolute(question q) {
  for (auto* part : {&q.x, &q.weight, &q.dy, &q.bias})
    for (double& v : *part) v = std::abs(v);
  return q;
}

/// The largest |a - b| / |scale|, of the three products.
double distance(const answer& a, const answer& b, const answer& scale) {
  double worst = 0;
  for (const auto part : {&answer::y, &answer::dx, &answer::dweight})
    for (std::size_t k = 0; k < (b.*part).size(); ++k) {
      const double e = std::abs((a.*part)[k] - (b.*part)[k]) / ((scale.*part)[k] + 1e-30);
      if (!(e <= worst)) worst = e;  // keeps a NaN
      if (std::isnan(e)) return e;
    }
  return worst;
}

template <class Case>
void check_precision(const format& f, int batch, bool by_ours) {
  const question q = question_for<Case>(batch);
  const answer exact = ask<Case, double>(Reference{}, rounded(q, f));
  const answer unrounded = ask<Case, double>(Reference{}, q);
  const answer terms = ask<Case, double>(Reference{}, absolute(q));
  // Each factor is off by at most half of its last bit.
  const double unit = std::ldexp(1.0, -f.bits);
  std::optional<answer> first;
  in_every_order([&] {
    const answer found = ask<Case, float>(Cuda{.precision = f.precision}, q);
    INFO("batch " << batch << ", " << f.bits << " bits");
    if (by_ours) CHECK(distance(found, exact, terms) < sum_error);
    CHECK(relative_error(found.dbias, unrounded.dbias) < 1e-6);
    CHECK(distance(found, unrounded, terms) < (by_ours ? 2 : 4) * (unit + unit * unit) + sum_error);
    // cuBLAS may round, and need not.
    if (by_ours) CHECK(distance(found, unrounded, terms) > unit / 100);
    if (!first) first = found;
    CHECK(found == *first);
  });
}

template <class... Cases>
void check_precisions(const std::vector<int>& batches, bool by_ours = true) {
  if (!has_tensor_cores()) return;
  for_each_case<Cases...>([&](auto c) {
    for (const format& f : {tf32, bf16})
      for (const int batch : batches) check_precision<decltype(c)>(f, batch, by_ours);
  });
}

}  // namespace

TEST_CASE("convolutions of odd sizes in tf32 and bf16", "[cuda][small]") {
  check_precisions<
      // less than a tile each way, strides that don't divide, two paddings
      layer_case<Conv2d<5, Kernel<3, 2>, Stride<2, 3>, Padding<1>>, Shape<3, 7, 8>>,
      // one place, one channel
      layer_case<Conv2d<1, Kernel<1>>, Shape<1, 1, 2>>>({1, 3, 7});
}

TEST_CASE("few channels, and strides beyond the kernel, in tf32 and bf16", "[cuda]") {
  check_precisions<
      // window rows that are copied whole: in both precisions, in bf16 alone
      layer_case<Conv2d<4, Kernel<5>, Stride<2>, Padding<1>>, Shape<1, 9, 11>>,
      layer_case<Conv2d<2, Kernel<7>, Padding<3>>, Shape<3, 8, 8>>,
      layer_case<Conv2d<3, Kernel<2>, Stride<3, 5>>, Shape<4, 8, 13>>>({2});
}

TEST_CASE("sums cut into parts in each direction, in tf32 and bf16", "[cuda]") {
  check_precisions<layer_case<Conv2d<60, Kernel<3>, Padding<1>>, Shape<34, 12, 13>>>({1});
}

TEST_CASE("two groups, several tiles each way, in tf32 and bf16", "[cuda]") {
  check_precisions<layer_case<Conv2d<70, Kernel<3>, Padding<1>, Groups<2>>, Shape<4, 9, 7>>>(
      {1, 3});
}

TEST_CASE("tiles of 64, 96 and 128 rows, not full, in tf32 and bf16", "[cuda]") {
  check_precisions<layer_case<Conv2d<70, Kernel<2, 3>, Stride<2, 1>>, Shape<65, 4, 5>>,
                   layer_case<Conv2d<50, Kernel<3>>, Shape<100, 3, 4>>,
                   // whose values come four at a time
                   layer_case<Conv2d<90, Kernel<2>>, Shape<67, 3, 3>>>({2});
}

TEST_CASE("products whose depth is cut into parts, in tf32 and bf16", "[cuda]") {
  check_precisions<layer_case<Conv2d<2, Kernel<3>>, Shape<1, 5, 6>>,
                   layer_case<Conv2d<1, Kernel<1>>, Shape<1, 1, 2>>>({7, 301});
}

TEST_CASE("products of matrices in tf32 and bf16", "[cuda]") {
#ifdef TNN_CUDA_EMULATOR
  constexpr bool by_ours = true;
#else
  constexpr bool by_ours = false;
#endif
  check_precisions<layer_case<Linear<7>, Shape<11>>>({1, 3}, by_ours);
}

namespace {

using narrow =
    Sequential<Input<1, 12, 10>, Conv2d<6, Kernel<3>, Padding<1>>, ReLU, MaxPool2d<Kernel<2>>,
               Conv2d<8, Kernel<3>, Groups<2>>, ReLU, Flatten, Linear<12>, ReLU, Linear<4>>;

std::vector<double> losses(cuda_precision precision) {
  constexpr int batch = 8;
  Model<narrow, Cuda> model{Cuda{.precision = precision}, {.capacity = 1, .seed = 3}};
  Training training{model, {.capacity = batch, .seed = 4}};
  std::vector<std::int32_t> labels;
  std::vector<float> images = formula_values<float>(5, batch * model.input_size);
  for (int n = 0; n < batch; ++n) {
    labels.push_back(n % 4);
    for (int i = 0; i < 20; ++i) images[static_cast<std::size_t>(120 * n + 30 * (n % 4) + i)] += 2;
  }
  std::vector<double> all;
  for (int step = 0; step < 30; ++step)
    all.push_back(training.step(images, labels, {.rate = 0.05, .momentum = 0.9}).mean_loss());
  return all;
}

}  // namespace

TEST_CASE("training in tf32 and bf16 follows fp32", "[cuda]") {
  if (!has_tensor_cores()) return;
  const std::vector<double> fp32 = losses(cuda_precision::fp32);
  REQUIRE(fp32.back() < fp32.front() / 10);
  for (const auto& [f, bound] : {std::pair{tf32, 0.005}, {bf16, 0.05}}) {
    const std::vector<double> found = losses(f.precision);
    double worst = 0;
    for (std::size_t step = 0; step < fp32.size(); ++step)
      worst = std::max(worst, std::abs(found[step] - fp32[step]));
    CHECK(worst < bound);
    CHECK(worst > 0);
    CHECK(found == losses(f.precision));
  }
}
