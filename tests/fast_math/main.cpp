// What holds of tnn's functions and of its looks at NaN when ours.cpp is compiled with -ffast-math:
// 5 ulps, and every special value; less of sqrt and pow, see there. One line a function; the exit
// status is the number of failures.
#include <cstdio>
#include <vector>

#include "ours.hpp"
#include "support/ulps.hpp"

namespace {

int failures = 0;

void check(bool good, const char* what) {
  if (!good) std::printf("FAILED: %s\n", what);
  failures += good ? 0 : 1;
}

/// All that a function is asked: floats of every exponent; doubles over [-800, 800] and [-4, 4].
template <class Real>
std::vector<Real> arguments() {
  std::vector<Real> x{0, -Real(0), 1, -1};
  using limits = std::numeric_limits<Real>;
  for (const Real special : {limits::infinity(), limits::quiet_NaN(), limits::max(), limits::min()})
    x.insert(x.end(), {special, -special});
  for (std::uint64_t bits = 0; bits < std::uint64_t{1} << 32; bits += 16411)
    x.push_back(__builtin_bit_cast(float, static_cast<std::uint32_t>(bits)));
  for (int i = -100000; i <= 100000; ++i)
    x.insert(x.end(), {static_cast<Real>(i) / 125, static_cast<Real>(i) / 25000});
  return x;
}

template <class Real, class Truth>
void compare(const char* name, function f, Truth truth) {
  const std::vector<Real> x = arguments<Real>();
  std::vector<Real> y(x.size());
  apply(f, x.data(), y.data(), static_cast<std::int64_t>(x.size()));
  long double worst = 0;
  Real at = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    // The root is the compiler's own, which by way of a reciprocal holds for ordinary numbers
    // alone.
    if (f == function::sqrt && !(x[i] == 0 || (x[i] > 0 && std::isnormal(x[i])))) continue;
    const long double error = ulps(y[i], truth(static_cast<long double>(x[i])));
    if (!(error <= worst)) at = x[i];
    worst = std::max(worst, error);
  }
  std::printf("%-8s %2zu bits: at most %.2Lf ulps, at %g\n", name, 8 * sizeof(Real), worst,
              static_cast<double>(at));
  check(worst <= 5, name);
}

template <class Real>
void compare_pow(Real exponent) {
  std::vector<Real> x, y;
  for (int i = 1; i < 100000; ++i) x.push_back(static_cast<Real>(i) / 100);
  y.resize(x.size());
  apply_pow(x.data(), exponent, y.data(), static_cast<std::int64_t>(x.size()));
  double worst = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const long double truth = std::pow(static_cast<long double>(x[i]), exponent);
    if (!std::isfinite(y[i])) return check(false, "pow of a number");
    worst = std::max(worst, static_cast<double>(std::abs(y[i] / truth - 1)));
  }
  std::printf("pow      %2zu bits: relative error at most %.1e\n", 8 * sizeof(Real), worst);
  check(worst <= (sizeof(Real) == 4 ? 1.2e-7 : 4e-15), "pow");
  const Real zero[] = {0, std::numeric_limits<Real>::infinity()};
  Real of_zero[2];
  apply_pow(zero, exponent, of_zero, 2);
  check(std::isinf(of_zero[0]) && of_zero[1] == 0, "pow of 0 and infinity");
}

template <class Real>
void compare_all() {
  compare<Real>("exp", function::exp, true_exp);
  compare<Real>("log", function::log, true_log);
  compare<Real>("log1p", function::log1p, true_log1p);
  compare<Real>("tanh", function::tanh, true_tanh);
  compare<Real>("sigmoid", function::sigmoid, true_sigmoid);
  compare<Real>("erf", function::erf, true_erf);
  compare<Real>("sqrt", function::sqrt, true_sqrt);
  compare_pow<Real>(Real(-0.75));
}

}  // namespace

int main() {
  compare_all<float>();
  compare_all<double>();

  constexpr float inf = std::numeric_limits<float>::infinity();
  constexpr float nan = std::numeric_limits<float>::quiet_NaN();
  for (const float x : {nan, -nan}) check(holds_for_nan(x) && !holds_for_finite(x), "a NaN");
  for (const float x : {inf, -inf}) check(!holds_for_nan(x) && !holds_for_finite(x), "infinity");
  for (const float x : {0.0f, -3e38f}) check(!holds_for_nan(x) && holds_for_finite(x), "a number");
  const float logits[] = {1, 2, 3, 0}, broken[] = {1, nan, 3, 0};
  check(rank(logits) == 1 && rank(broken) == 4, "the rank of a label whose logit is NaN");
  return failures;
}
