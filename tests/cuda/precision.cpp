// Conv2d and Linear on tensor cores: products of factors that were rounded to tf32 or bf16, the
// same bits from run to run, and what is refused where there are none.
#include <tnn/cuda.cuh>
#include <tnn/reference.hpp>
#include <tnn/train/training.hpp>

#include "support/error_text.hpp"
#include "support/layer.hpp"

using namespace tnn;

namespace {

using tnn_emulator::order;

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
void check_precision(const format& f, int batch) {
  const question q = question_for<Case>(batch);
  const answer exact = ask<Case, double>(Reference{}, rounded(q, f));
  const answer unrounded = ask<Case, double>(Reference{}, q);
  const answer terms = ask<Case, double>(Reference{}, absolute(q));
  answer first;
  for (const auto o : {order::forward, order::reverse, order::random}) {
    tnn_emulator::set_order(o, 3);
    const answer found = ask<Case, float>(Cuda{.precision = f.precision}, q);
    INFO("batch " << batch << ", " << f.bits << " bits");
    CHECK(distance(found, exact, terms) < 1e-6);
    CHECK(relative_error(found.dbias, unrounded.dbias) < 1e-6);
    // Each factor is off by at most half of its last bit.
    const double unit = std::ldexp(1.0, -f.bits);
    CHECK(distance(found, unrounded, terms) < 2 * unit + unit * unit + 1e-6);
    CHECK(distance(found, unrounded, terms) > unit / 100);
    if (o == order::forward) first = found;
    CHECK(found == first);
  }
  tnn_emulator::set_order(order::forward);
}

template <class... Cases>
void check_precisions(const std::vector<int>& batches) {
  for_each_case<Cases...>([&](auto c) {
    for (const format& f : {tf32, bf16})
      for (const int batch : batches) check_precision<decltype(c)>(f, batch);
  });
}

}  // namespace

TEST_CASE("convolutions of odd sizes in tf32 and bf16", "[cuda]") {
  check_precisions<
      // less than a tile each way, strides that don't divide, two paddings
      layer_case<Conv2d<5, Kernel<3, 2>, Stride<2, 3>, Padding<1>>, Shape<3, 7, 8>>,
      // one place, one channel
      layer_case<Conv2d<1, Kernel<1>>, Shape<1, 1, 2>>>({1, 3, 7});
}

TEST_CASE("two groups, several tiles each way, in tf32 and bf16", "[cuda]") {
  check_precisions<layer_case<Conv2d<70, Kernel<3>, Padding<1>, Groups<2>>, Shape<4, 9, 7>>>(
      {1, 3});
}

TEST_CASE("tiles of 64 and 128 rows, not full, in tf32 and bf16", "[cuda]") {
  check_precisions<layer_case<Conv2d<70, Kernel<2, 3>, Stride<2, 1>>, Shape<65, 4, 5>>,
                   layer_case<Conv2d<50, Kernel<3>>, Shape<100, 3, 4>>>({2});
}

TEST_CASE("products whose depth is cut into parts, in tf32 and bf16", "[cuda]") {
  check_precisions<layer_case<Conv2d<2, Kernel<3>>, Shape<1, 5, 6>>,
                   layer_case<Conv2d<1, Kernel<1>>, Shape<1, 1, 2>>>({7, 301});
}

TEST_CASE("products of matrices in tf32 and bf16", "[cuda]") {
  check_precisions<layer_case<Linear<7>, Shape<11>>>({1, 3});
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

TEST_CASE("a device without tensor cores, or a program without code for them", "[cuda]") {
  const auto open = [](cuda_precision precision) {
    return [=] { Cuda{.precision = precision}.wait(); };
  };
  tnn_emulator::set_capability(75);
  CHECK(::refuses(open(cuda_precision::tf32), "device 0", "compute capability 7.5", "tf32",
                  "needs 8.0", "ask for precision fp32"));
  CHECK(::refuses(open(cuda_precision::bf16), "compute capability 7.5", "bf16", "needs 8.0"));
  CHECK_FALSE(::refuses(open(cuda_precision::fp32)));
  tnn_emulator::set_capability(90, 75);
  CHECK(::refuses(open(cuda_precision::bf16), "built for compute capability 7.5", "bf16",
                  "ask for precision fp32", "-DCMAKE_CUDA_ARCHITECTURES=90"));
  CHECK_FALSE(::refuses(open(cuda_precision::fp32)));
  tnn_emulator::set_capability(80, 80);
  CHECK_FALSE(::refuses(open(cuda_precision::tf32)));
  tnn_emulator::set_capability();
}

TEST_CASE("a batch whose places no int can number is refused before anything is launched",
          "[cuda]") {
  using Case = layer_case<Conv2d<2, Kernel<3>, Padding<2>>, Shape<1, 100, 100>>;
  using math = compute<Cuda, float, Case::bound>;
  Cuda cuda;
  pass<float> p;
  const auto refused = [&](int batch, auto... words) {
    p.batch = batch;
    return ::refuses([&] { math::forward(cuda, p); }, words...) &&
           ::refuses([&] { math::backward(cuda, p); }, words...);
  };
  // 102 x 102 places: 206,412 images make 2,147,510,448.
  CHECK(refused(206412, "206412", "10404 places", "206409 is the largest"));
  CHECK(refused(206410, "206410", "206409 is the largest"));
  CHECK_FALSE(::refuses([] { detail::require_indices(206409, 10404); }));
  // The data's gradient is numbered by places of the input.
  using wide = layer_case<Conv2d<2, Kernel<1>, Stride<10>>, Shape<1, 100, 100>>;
  float dx = 0;
  p.dx = &dx;
  p.batch = 214749;
  CHECK(::refuses([&] { compute<Cuda, float, wide::bound>::backward(cuda, p); }, "10000 places",
                  "214748 is the largest"));
  cuda.wait();
}
