#include <tnn/layers/local_response_norm/local_response_norm.hpp>

#include "support/layer_fixture.hpp"

using namespace tnn;

namespace {
using default_options = layer_case<LocalResponseNorm<Size<5>>, Shape<7, 2, 3>>;
using strong = layer_case<
    LocalResponseNorm<Size<3>, Alpha<std::ratio<2>>, Beta<std::ratio<3, 5>>, K<std::ratio<1, 2>>>,
    Shape<5, 3, 2>>;
using even = layer_case<LocalResponseNorm<K<std::ratio<2>>, Alpha<std::ratio<3, 2>>, Size<4>>,
                        Shape<6, 2, 2>>;
using all_channels =
    layer_case<LocalResponseNorm<Size<9>, Alpha<std::ratio<1>>, Beta<std::ratio<1>>>,
               Shape<4, 1, 3>>;

/// The formula with libm's pow, channel by channel.
template <class Case>
std::vector<double> by_formula(const question& q, int n, double alpha, double beta, double k) {
  const int channels = Case::input::extent(0);
  const auto plane = static_cast<int>(Case::input::size) / channels;
  std::vector<double> y;
  for (int image = 0; image < q.batch; ++image)
    for (int c = 0; c < channels; ++c)
      for (int at = 0; at < plane; ++at) {
        const auto x = [&](int d) {
          return q.x[static_cast<std::size_t>((image * channels + d) * plane + at)];
        };
        double sum = 0;
        for (int d = std::max(0, c - n / 2); d <= std::min(channels - 1, c + (n - 1) / 2); ++d)
          sum += x(d) * x(d);
        y.push_back(x(c) / std::pow(k + alpha / n * sum, beta));
      }
  return y;
}
}  // namespace

TEST_CASE("Reference's LocalResponseNorm is the formula, alpha divided by n",
          "[local_response_norm]") {
  const auto y = [](auto c, const question& q) {
    return ask<decltype(c), double>(Reference{}, q).y;
  };
  question q = question_for<default_options>(2);
  for (double& x : q.x) x *= 100;  // alpha is 1e-4
  CHECK(relative_error(y(default_options{}, q), by_formula<default_options>(q, 5, 1e-4, 0.75, 1)) <
        1e-14);
  q = question_for<strong>(2);
  CHECK(relative_error(y(strong{}, q), by_formula<strong>(q, 3, 2, 0.6, 0.5)) < 1e-14);
  q = question_for<even>(2);
  CHECK(relative_error(y(even{}, q), by_formula<even>(q, 4, 1.5, 0.75, 2)) < 1e-14);
}

TEMPLATE_TEST_CASE("an even Size reaches further back", "[local_response_norm]", Reference, Cpu) {
  using Case = layer_case<LocalResponseNorm<Size<2>, Alpha<std::ratio<2>>, Beta<std::ratio<1>>>,
                          Shape<3, 1, 1>>;
  question q;
  q.x = {1, 2, 3};
  q.dy = {0, 0, 0};
  // s = 1 + x[c-1]^2 + x[c]^2
  const std::vector<double> expected{1.0 / 2, 2.0 / 6, 3.0 / 14};
  CHECK(relative_error(ask<Case, double>(TestType{}, q).y, expected) < 1e-15);
}

TEST_CASE("Reference's LocalResponseNorm is PyTorch's", "[local_response_norm]") {
  check_pytorch<default_options>("local_response_norm/default");
  check_pytorch<strong>("local_response_norm/strong");
  check_pytorch<even>("local_response_norm/even");
  check_pytorch<all_channels>("local_response_norm/all");
}

TEST_CASE("LocalResponseNorm's gradients are its differences", "[local_response_norm]") {
  for_each_case<default_options, strong, even, all_channels>(
      [](auto c) { check_gradients<decltype(c)>(question_for<decltype(c)>(2)); });
}

TEST_CASE("Cpu's LocalResponseNorm agrees with Reference", "[local_response_norm]") {
  for_each_case<default_options, strong, even, all_channels,
                layer_case<LocalResponseNorm<Size<1>, Alpha<std::ratio<1>>>, Shape<3, 2, 2>>,
                layer_case<LocalResponseNorm<Size<5>, Alpha<std::ratio<1>>>, Shape<1, 5, 3>>,
                layer_case<LocalResponseNorm<Size<5>, Alpha<std::ratio<1>>, Beta<std::ratio<0>>>,
                           Shape<6, 3, 2>>>([](auto c) { check_cpu<decltype(c)>(); });
}
