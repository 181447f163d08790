// Initial values: bounds and moments of each filling, and that they follow from the seed alone.
#include <cmath>
#include <vector>

#include <tnn/core/initialise.hpp>
#include <tnn/reference.hpp>

#include "support/catch.hpp"

using namespace tnn;

namespace {

using Net = Sequential<Input<8, 6, 6>, Conv2d<50, Kernel<3>>, Flatten, Linear<40>>;
constexpr const ParameterInfo& conv = parameters_table<Net>[0];    // fan in 72, out 450
constexpr const ParameterInfo& linear = parameters_table<Net>[2];  // fan in 800, out 40

struct moments {
  double mean = 0, deviation = 0, highest = 0, lowest = 0;
};
moments of(const ParameterInfo& p, const Filler& f, std::uint64_t seed = 5) {
  moments m;
  for (std::int64_t i = 0; i < p.size; ++i) {
    const double x = initial_value(p, f, seed, i);
    m.mean += x / static_cast<double>(p.size);
    m.deviation += x * x / static_cast<double>(p.size);
    m.highest = std::max(m.highest, x);
    m.lowest = std::min(m.lowest, x);
  }
  m.deviation = std::sqrt(m.deviation - m.mean * m.mean);
  return m;
}
bool close(double a, double b, double relative) {
  return std::abs(a - b) <= relative * std::abs(b);
}

void check_uniform(const ParameterInfo& p, Filling f, double bound) {
  const moments m = of(p, {f});
  CHECK(m.highest <= bound);
  CHECK(m.lowest >= -bound);
  CHECK(m.highest > 0.99 * bound);
  CHECK(m.lowest < -0.99 * bound);
  CHECK(close(m.deviation, bound / std::sqrt(3.0), 0.02));
}
void check_normal(const ParameterInfo& p, const Filler& f, double deviation) {
  const moments m = of(p, f);
  CHECK(close(m.deviation, deviation, 0.03));
  CHECK(std::abs(m.mean) < 0.05 * deviation);
  CHECK(m.highest > 3 * deviation);
  CHECK(m.highest < 6 * deviation);
}

}  // namespace

TEST_CASE("each filling has torch.nn.init's spread") {
  check_uniform(conv, Filling::xavier_uniform, std::sqrt(6.0 / (72 + 450)));
  check_uniform(linear, Filling::xavier_uniform, std::sqrt(6.0 / (800 + 40)));
  check_uniform(conv, Filling::kaiming_uniform, std::sqrt(6.0 / 72));
  check_normal(linear, {Filling::xavier_normal}, std::sqrt(2.0 / (800 + 40)));
  check_normal(linear, {Filling::kaiming_normal}, std::sqrt(2.0 / 800));
  check_normal(linear, {Filling::normal, 0.02}, 0.02);
  CHECK(of(conv, {Filling::zeros}).highest == 0);
}

TEST_CASE("the normal's quantile is the known one") {
  CHECK(detail::normal_quantile(0.5) == 0);
  CHECK(close(detail::normal_quantile(0.975), 1.959963984540054, 1e-14));
  CHECK(close(detail::normal_quantile(0.001), -3.090232306167814, 1e-14));
  CHECK(close(detail::normal_quantile(1e-9), -5.997807015007686, 1e-14));
  CHECK(close(detail::normal_quantile(0.25), -0.6744897501960817, 1e-14));
  CHECK(close(detail::normal_quantile(1e-15), -7.941345326170997, 1e-14));
}

TEST_CASE("the same seed gives the same values, another seed and another layer do not") {
  const Filler f;
  int same_seed = 0, same_layer = 0;
  for (std::int64_t i = 0; i < 1000; ++i) {
    CHECK(initial_value(conv, f, 1, i) == initial_value(conv, f, 1, i));
    same_seed += initial_value(conv, f, 1, i) == initial_value(conv, f, 2, i);
    same_layer += initial_value(conv, f, 1, i) * std::sqrt(522.0) ==
                  initial_value(linear, f, 1, i) * std::sqrt(840.0);
  }
  CHECK(same_seed == 0);
  CHECK(same_layer == 0);
}

TEST_CASE("a model takes a filler for each kind of layer, and biases") {
  Model<Net, Reference, double> model{
      {},
      {.seed = 3,
       .initialise = {.conv2d = {Filling::zeros, 0.01, 1}, .linear = {Filling::normal, 0.5, 0.1}}}};
  std::vector<double> weight(3600), bias(50), last(40), dense(32'000);
  model.read("0.weight", weight);
  model.read("0.bias", bias);
  model.read("2.weight", dense);
  model.read("2.bias", last);
  CHECK(weight == std::vector<double>(3600, 0.0));
  CHECK(bias == std::vector<double>(50, 1.0));
  CHECK(last == std::vector<double>(40, 0.1));
  for (std::size_t i = 0; i < dense.size(); ++i)
    REQUIRE(dense[i] ==
            initial_value(linear, {Filling::normal, 0.5}, 3, static_cast<std::int64_t>(i)));
}

TEST_CASE("a constant expression draws the same numbers") {
  constexpr double x = initial_value(conv, {Filling::normal, 1.0}, 9, 7);
  CHECK(close(x, initial_value(conv, {Filling::normal, 1.0}, 9, 7), 1e-14));
}
