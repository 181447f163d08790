#pragma once
// The error of functions of float and double in ulps, against long double.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>

/// |got - want| in units in the last place of the correctly rounded result.
template <class Real>
long double ulps(Real got, long double want) {
  const Real rounded = static_cast<Real>(want);
  if (std::isnan(rounded) && std::isnan(got)) return 0;
  if (rounded == got) return 0;  // infinities too; a last half ulp is of no interest here
  if (!std::isfinite(rounded) || !std::isfinite(got)) return 1e9L;
  using limits = std::numeric_limits<Real>;
  int exponent = 0;
  std::frexp(want, &exponent);
  const int ulp = std::max(exponent, limits::min_exponent) - limits::digits;
  return std::abs(std::ldexp(static_cast<long double>(got) - want, -ulp));
}

/// The largest error over floats of every exponent and both signs, evenly spaced in their bits.
template <class Function, class Truth>
long double worst_float(Function function, Truth truth) {
  long double worst = 0;
  for (std::uint64_t bits = 0; bits < std::uint64_t{1} << 32; bits += 4093) {
    const float x = __builtin_bit_cast(float, static_cast<std::uint32_t>(bits));
    worst = std::max(worst, ulps(function(x), truth(static_cast<long double>(x))));
  }
  return worst;
}

/// The largest error over random doubles: of any bits, and evenly spread over [low, high].
template <class Function, class Truth>
long double worst_double(Function function, Truth truth, double low, double high) {
  std::mt19937_64 random{1};
  std::uniform_real_distribution<double> spread{low, high};
  long double worst = 0;
  for (int i = 0; i < 300000; ++i) {
    for (const double x : {__builtin_bit_cast(double, std::uint64_t{random()}), spread(random)}) {
      worst = std::max(worst, ulps(function(x), truth(static_cast<long double>(x))));
    }
  }
  return worst;
}

inline constexpr auto true_exp = [](long double x) { return std::exp(x); };
inline constexpr auto true_log = [](long double x) { return std::log(x); };
inline constexpr auto true_log1p = [](long double x) { return std::log1p(x); };
inline constexpr auto true_tanh = [](long double x) { return std::tanh(x); };
inline constexpr auto true_erf = [](long double x) { return std::erf(x); };
inline constexpr auto true_sqrt = [](long double x) { return std::sqrt(x); };
inline constexpr auto true_sigmoid = [](long double x) {
  return x < 0 ? std::exp(x) / (1 + std::exp(x)) : 1 / (1 + std::exp(-x));
};
