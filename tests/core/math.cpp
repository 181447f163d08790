// Every function against long double, in ulps, over all sizes a float or double comes in.
#include <tnn/core/math.hpp>

#include <cmath>
#include <limits>
#include <random>

#include "support/catch.hpp"
#include "support/ulps.hpp"

namespace math = tnn::math;

namespace {

template <class Real>
constexpr Real inf = std::numeric_limits<Real>::infinity();
template <class Real>
constexpr Real quiet_nan = std::numeric_limits<Real>::quiet_NaN();

constexpr bool near(double a, double b, double relative) {
  const double d = a < b ? b - a : a - b;
  return d <= relative * (b < 0 ? -b : b);
}

static_assert(near(math::exp(1.0), 2.718281828459045, 3e-16));
static_assert(near(math::exp(1.0f), 2.718281828459045, 1e-7));
static_assert(near(math::log(10.0), 2.302585092994046, 3e-16));
static_assert(near(math::log(10.0f), 2.302585092994046, 1e-7));
static_assert(near(math::tanh(0.5), 0.46211715726000976, 6e-16));
static_assert(near(math::tanh(-0.5f), -0.46211715726000976, 3e-7));
static_assert(near(math::sigmoid(-2.0), 0.11920292202211755, 6e-16));
static_assert(near(math::sigmoid(2.0f), 0.8807970779778823, 2e-7));
static_assert(near(math::erf(0.5), 0.52049987781304654, 3e-16));
static_assert(near(math::erf(-1.5f), -0.96610514647531073, 1e-7));
static_assert(near(math::sqrt(2.0), 1.4142135623730951, 3e-16));
static_assert(near(math::sqrt(2.0f), 1.4142135623730951, 1e-7));
static_assert(near(math::pow(2.0, -0.75), 0.5946035575013605, 5e-16));
static_assert(near(math::pow(2.0f, -0.75f), 0.5946035575013605, 1e-7));

// The edges, in constant expressions too.
static_assert(math::exp(0.0f) == 1 && math::log(1.0) == 0 && math::tanh(0.0f) == 0);
static_assert(math::exp(89.0f) == inf<float> && math::exp(710.0) == inf<double>);
static_assert(math::exp(-104.0f) == 0 && math::exp(-746.0) == 0);
static_assert(math::exp(-103.0f) > 0 && math::exp(-745.0) > 0);
static_assert(math::exp(inf<double>) == inf<double> && math::exp(-inf<double>) == 0);
static_assert(math::log(0.0f) == -inf<float> && math::log(inf<float>) == inf<float>);
static_assert(math::tanh(inf<double>) == 1 && math::tanh(-1e30f) == -1);
static_assert(math::sigmoid(-inf<float>) == 0 && math::sigmoid(inf<double>) == 1);
static_assert(math::erf(inf<float>) == 1 && math::erf(-inf<double>) == -1);
static_assert(math::erf(4.0f) == 1 && math::erf(6.0) == 1 && math::erf(0.0) == 0);
static_assert(math::sqrt(0.0) == 0 && math::sqrt(inf<float>) == inf<float>);
static_assert(math::sqrt(0x1p-1070) == 0x1p-535 && math::sqrt(0x1p-140f) == 0x1p-70f);
static_assert(math::pow(0.0, 0.75) == 0 && math::pow(0.0f, -0.75f) == inf<float>);
static_assert(math::pow(quiet_nan<float>, 0.0f) == 1);
static_assert(math::exp(quiet_nan<float>) != math::exp(quiet_nan<float>));
static_assert(math::log(-1.0) != math::log(-1.0) && math::sqrt(-1.0f) != math::sqrt(-1.0f));

constexpr float sum_of_many() {
  float sum = 0;
  for (int i = 0; i < 4000; ++i) sum += math::sigmoid(static_cast<float>(i % 16 - 8));
  return sum;
}
static_assert(near(sum_of_many(), 250 * 7.5003354, 1e-4));  // within Clang's default step limit

constexpr auto our_exp = [](auto x) { return math::exp(x); };
constexpr auto our_log = [](auto x) { return math::log(x); };
constexpr auto our_log1p = [](auto x) { return math::log1p(x); };
constexpr auto our_tanh = [](auto x) { return math::tanh(x); };
constexpr auto our_erf = [](auto x) { return math::erf(x); };
constexpr auto our_sqrt = [](auto x) { return math::sqrt(x); };
constexpr auto our_sigmoid = [](auto x) { return math::sigmoid(x); };

}  // namespace

TEST_CASE("functions of a float are as exact as they say", "[math]") {
  CHECK(worst_float(our_exp, true_exp) < 1.1L);
  CHECK(worst_float(our_log, true_log) < 1.0L);
  CHECK(worst_float(our_log1p, true_log1p) < 3.0L);
  CHECK(worst_float(our_tanh, true_tanh) < 3.0L);
  CHECK(worst_float(our_sigmoid, true_sigmoid) < 3.0L);
  CHECK(worst_float(our_erf, true_erf) < 1.6L);
  CHECK(worst_float(our_sqrt, true_sqrt) == 0);
}

TEST_CASE("functions of a double are as exact as they say", "[math]") {
  CHECK(worst_double(our_exp, true_exp, -750, 710) < 1.1L);
  CHECK(worst_double(our_exp, true_exp, -1, 1) < 1.1L);
  CHECK(worst_double(our_log, true_log, 0, 3) < 1.0L);
  CHECK(worst_double(our_log1p, true_log1p, -1, 3) < 3.0L);
  CHECK(worst_double(our_log1p, true_log1p, -1e-8, 1e-8) < 3.0L);
  CHECK(worst_double(our_tanh, true_tanh, -3, 3) < 3.0L);
  CHECK(worst_double(our_sigmoid, true_sigmoid, -40, 40) < 3.0L);
  CHECK(worst_double(our_erf, true_erf, -6, 6) < 1.6L);
  CHECK(worst_double(our_erf, true_erf, -1.5, 1.5) < 1.6L);
  CHECK(worst_double(our_sqrt, true_sqrt, 0, 3) <= 0.501L);
}

TEST_CASE("pow is as exact as it says", "[math]") {
  std::mt19937_64 random{1};
  std::uniform_real_distribution<double> magnitude{-80, 80}, exponent{-3, 3};
  long double worst_single = 0, worst = 0;
  for (int i = 0; i < 300000; ++i) {
    const double x = std::exp(magnitude(random)), y = exponent(random);
    const float single_x = static_cast<float>(x), single_y = static_cast<float>(y);
    const long double truth = std::pow(static_cast<long double>(x), static_cast<long double>(y));
    const long double bound = (1 + std::abs(y * std::log(x))) * 0x1p-52L;
    worst = std::max(worst, std::abs(math::pow(x, y) / truth - 1) / bound);
    worst_single = std::max(worst_single, ulps(math::pow(single_x, single_y),
                                               std::pow(static_cast<long double>(single_x),
                                                        static_cast<long double>(single_y))));
  }
  CHECK(worst <= 1);
  CHECK(worst_single <= 1);
  CHECK(std::isnan(math::pow(-1.0, 2.0)));
  CHECK(math::pow(inf<float>, -0.75f) == 0);
  CHECK(math::pow(inf<double>, 0.75) == inf<double>);
}

TEST_CASE("signs of zero and NaN survive", "[math]") {
  CHECK(std::signbit(math::tanh(-0.0f)));
  CHECK(!std::signbit(math::tanh(0.0)));
  CHECK((std::signbit(math::erf(-0.0f)) && !std::signbit(math::erf(0.0))));
  CHECK(std::isnan(math::erf(quiet_nan<float>)));
  CHECK(std::isnan(math::tanh(quiet_nan<double>)));
  CHECK(std::isnan(math::sigmoid(quiet_nan<float>)));
  CHECK(std::signbit(math::log1p(-0.0f)));
  CHECK(math::log1p(-1.0) == -inf<double>);
  CHECK(math::log1p(inf<float>) == inf<float>);
  CHECK((std::isnan(math::log1p(-1.5)) && std::isnan(math::log1p(-inf<double>))));
  CHECK(std::isnan(math::log(quiet_nan<float>)));
  CHECK(std::isnan(math::sqrt(-1.0)));
}

TEST_CASE("constant evaluation gives the square root that the machine gives, within an ulp",
          "[math]") {
  constexpr float constants[] = {math::sqrt(3.0f), math::sqrt(0.07f), math::sqrt(1e-40f)};
  CHECK(ulps(constants[0], std::sqrt(3.0L)) < 1);
  CHECK(ulps(constants[1], std::sqrt(static_cast<long double>(0.07f))) < 1);
  CHECK(ulps(constants[2], std::sqrt(static_cast<long double>(1e-40f))) < 1);
  constexpr double doubles[] = {math::sqrt(3.0), math::sqrt(1e300), math::sqrt(5e-324)};
  CHECK(ulps(doubles[0], std::sqrt(3.0L)) < 1);
  CHECK(ulps(doubles[1], std::sqrt(static_cast<long double>(1e300))) < 1);
  CHECK(ulps(doubles[2], std::sqrt(static_cast<long double>(5e-324))) < 1);
}
