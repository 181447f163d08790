#pragma once
// exp, log, log1p, tanh, sigmoid, erf, sqrt and pow in constant expressions, in kernels and in
// vectorized loops.
//
//   exp(x) = 2^n * e^r,                 |r| <= ln(2)/2;   e^r by its Taylor series
//   log(x) = e*ln(2) + 2*atanh(s),      s = (m-1)/(m+1),  x = m * 2^e,  sqrt(1/2) <= m < sqrt(2)
//   erf(x) by its Taylor series for |x| < 1, else 1 - e^p(|x|) with p fitted to log(1 - erf)
//
// Special values are selected, never computed: constant expressions allow neither NaN nor overflow,
// and a select is what a vectorizer wants. All this holds with -ffast-math too: see `held` and
// `is_nan`; errors are then up to 5 ulps, as the compiler divides by way of reciprocals.
#include <cstdint>

#include <tnn/core/host_device.hpp>

// At the head of a function's body: Clang leaves the order of its sums and products alone.
#if defined(__clang__)
#define TNN_ORDER_AS_WRITTEN _Pragma("clang fp reassociate(off)")
#else
#define TNN_ORDER_AS_WRITTEN
#endif

namespace tnn::math {

namespace detail {

template <class Real>
struct ieee;  // of float and double alone

template <>
struct ieee<float> {
  using bits = std::uint32_t;
  static constexpr int mantissa_bits = 23;
  static constexpr bits bias = 127;
  static constexpr float rounder = 0x1.8p23f;  // the ulp at this size is 1
  static constexpr float smallest_normal = 0x1p-126f, largest = 0x1.fffffep127f;
  static constexpr float exp_lowest = -104.0f, exp_highest = 0x1.62e42ep6f;
  static constexpr float tanh_saturated = 10.0f, erf_saturated = 4.0f;
  static constexpr float ln2_high = 0x1.62e4p-1f, ln2_low = 0x1.7f7d1cp-20f;  // n*ln2_high is exact
};

template <>
struct ieee<double> {
  using bits = std::uint64_t;
  static constexpr int mantissa_bits = 52;
  static constexpr bits bias = 1023;
  static constexpr double rounder = 0x1.8p52;
  static constexpr double smallest_normal = 0x1p-1022, largest = 0x1.fffffffffffffp1023;
  static constexpr double exp_lowest = -746.0, exp_highest = 0x1.62e42fefa39efp9;
  static constexpr double tanh_saturated = 20.0, erf_saturated = 6.0;
  static constexpr double ln2_high = 0x1.62e42feep-1, ln2_low = 0x1.a39ef35793c76p-33;
};

template <class Real>
using bits_of = typename ieee<Real>::bits;

template <class Real>
TNN_HOST_DEVICE constexpr bits_of<Real> to_bits(Real x) {
  return __builtin_bit_cast(bits_of<Real>, x);
}

template <class Real>
TNN_HOST_DEVICE constexpr Real from_bits(bits_of<Real> x) {
  return __builtin_bit_cast(Real, x);
}

/// 2^(k - bias), k from 1 to 2*bias.
template <class Real>
TNN_HOST_DEVICE constexpr Real power_of_two(bits_of<Real> k) {
  return from_bits<Real>(k << ieee<Real>::mantissa_bits);
}

template <class Real>
TNN_HOST_DEVICE constexpr Real infinity() {
  return power_of_two<Real>(2 * ieee<Real>::bias + 1);
}

template <class Real>
TNN_HOST_DEVICE constexpr Real nan() {
  return from_bits<Real>(to_bits(infinity<Real>()) | to_bits(infinity<Real>()) >> 1);
}

/// The bits of |x|, ordered as |x| is; NaN comes after infinity.
template <class Real>
TNN_HOST_DEVICE constexpr bits_of<Real> magnitude(Real x) {
  return to_bits(x) & ~to_bits(Real(-0.0));
}

}  // namespace detail

/// Whether x is NaN. By its bits where the compiler was told that there is none (-ffast-math,
/// -ffinite-math-only), as it then holds x != x and std::isnan(x) to be false.
template <class Real>
[[nodiscard]] TNN_HOST_DEVICE constexpr bool is_nan(Real x) {
#if __FINITE_MATH_ONLY__
  return detail::magnitude(x) > detail::to_bits(detail::infinity<Real>());
#else
  return x != x;
#endif
}

/// Whether x is neither NaN nor infinite, with -ffast-math too.
template <class Real>
[[nodiscard]] TNN_HOST_DEVICE constexpr bool is_finite(Real x) {
  return detail::magnitude(x) < detail::to_bits(detail::infinity<Real>());
}

namespace detail {

/// condition ? a : b, by masks: GCC 12 moves arithmetic into the arms of a conditional expression,
/// which then is a branch that it does not vectorize.
template <class Real>
TNN_HOST_DEVICE constexpr Real select(bool condition, Real a, Real b) {
  const auto mask = ~bits_of<Real>{0} * condition;
  return from_bits<Real>((to_bits(a) & mask) | (to_bits(b) & ~mask));
}

/// `value`, as a number by itself. With -fassociative-math GCC would take the sum or product that
/// makes it together with those that use it: x for (x + big) - big. (Clang is told by
/// TNN_ORDER_AS_WRITTEN.) So it goes through a mask of ones unless `x`, the function's argument, is
/// NaN, which no compiler can know.
template <class Real>
TNN_HOST_DEVICE constexpr Real held(Real value, [[maybe_unused]] Real x) {
#if defined(__ASSOCIATIVE_MATH__) || (defined(__FAST_MATH__) && !defined(__clang__))
  const bool number = magnitude(x) <= to_bits(infinity<Real>());
  return from_bits<Real>(to_bits(value) & ~bits_of<Real>{0} * number);
#else
  return value;
#endif
}

/// Horner's rule, the highest power's coefficient first.
template <class Real, class... Coefficients>
TNN_HOST_DEVICE constexpr Real polynomial(Real x, Real sum, Coefficients... rest) {
  TNN_ORDER_AS_WRITTEN((sum = sum * x + rest), ...);
  return sum;
}

/// x = n*ln(2) + r, as n (two's complement) and e^r - 1. |x| must be under 2^10.
template <class Real>
struct exponential {
  bits_of<Real> n;
  Real e_r_minus_1;
};

template <class Real>
TNN_HOST_DEVICE constexpr exponential<Real> split_exponential(Real x) {
  TNN_ORDER_AS_WRITTEN
  using format = ieee<Real>;
  constexpr auto c = [](double factorial) { return static_cast<Real>(1 / factorial); };
  // x / ln(2); what is added, 2^23 * 1.5 (2^52 * 1.5), leaves no bit behind the point.
  const Real rounded = held(x * Real(0x1.71547652b82fep0) + format::rounder, x);
  const Real n = held(rounded - format::rounder, x);
  const Real r = held(x - n * format::ln2_high, x) - n * format::ln2_low;
  Real tail{};
  if constexpr (sizeof(Real) == sizeof(float)) {
    tail = polynomial(r, c(5040), c(720), c(120), c(24), c(6), c(2));
  } else {
    tail = polynomial(r, c(6227020800), c(479001600), c(39916800), c(3628800), c(362880), c(40320),
                      c(5040), c(720), c(120), c(24), c(6), c(2));
  }
  return {to_bits(rounded) - to_bits(format::rounder), r + r * r * tail};
}

}  // namespace detail

/// e^x, within 1.1 ulp (subnormal results included). Overflows to infinity, underflows to 0.
template <class Real>
[[nodiscard]] TNN_HOST_DEVICE constexpr Real exp(Real x) {
  TNN_ORDER_AS_WRITTEN
  using format = detail::ieee<Real>;
  const Real above = detail::select(x > format::exp_lowest, x, format::exp_lowest);
  const Real inside = detail::select(above < format::exp_highest, above, format::exp_highest);
  const auto [n, e_r_minus_1] = detail::split_exponential(inside);
  // In two factors: 2^n alone may be subnormal, or too large.
  const auto k = n + 2 * format::bias;
  const Real halfway = detail::held((1 + e_r_minus_1) * detail::power_of_two<Real>(k >> 1), x);
  const Real y = halfway * detail::power_of_two<Real>(k - (k >> 1));
  const Real bounded = detail::select(x > format::exp_highest, detail::infinity<Real>(), y);
  return detail::select(is_nan(x), x, bounded);
}

/// The natural logarithm, within 1 ulp. -infinity at 0, NaN below it.
template <class Real>
[[nodiscard]] TNN_HOST_DEVICE constexpr Real log(Real x) {
  TNN_ORDER_AS_WRITTEN
  using format = detail::ieee<Real>;
  using bits = typename format::bits;
  constexpr Real sqrt_half = static_cast<Real>(0x1.6a09e667f3bcdp-1);
  constexpr bits offset = detail::to_bits(Real(1)) - detail::to_bits(sqrt_half);
  constexpr bits mantissa = (bits{1} << format::mantissa_bits) - 1;
  constexpr Real unit = format::rounder / Real(1.5);
  constexpr auto c = [](int odd) { return static_cast<Real>(2.0 / odd); };

  const Real positive = detail::select(x > 0, x, Real(1));
  const Real finite = detail::select(positive <= format::largest, positive, Real(1));
  const bool subnormal = finite < format::smallest_normal;
  const bits b = detail::to_bits(finite * detail::select(subnormal, unit, Real(1))) + offset;
  const Real biased = detail::from_bits<Real>((b >> format::mantissa_bits) | detail::to_bits(unit));
  const Real e = detail::held(
      (biased - unit) - (static_cast<Real>(format::bias) +
                         detail::select(subnormal, Real(format::mantissa_bits), Real(0))),
      x);
  const Real m = detail::from_bits<Real>((b & mantissa) + detail::to_bits(sqrt_half));
  const Real f = detail::held(m - 1, x);

  const Real s = f / (2 + f);
  const Real z = s * s;
  Real tail{};  // 2*atanh(s)/s - 2
  if constexpr (sizeof(Real) == sizeof(float)) {
    tail = z * detail::polynomial(z, c(9), c(7), c(5), c(3));
  } else {
    tail =
        z * detail::polynomial(z, c(21), c(19), c(17), c(15), c(13), c(11), c(9), c(7), c(5), c(3));
  }
  // 2*s = f - f*f/2 + s*f*f/2, with f exact and the rest small.
  const Real half_square = f * f / 2;
  const Real rest = f - (half_square - (s * (half_square + tail) + e * format::ln2_low));
  const Real y = e * format::ln2_high + detail::held(rest, x);

  const Real at_most_zero =
      detail::select(detail::magnitude(x) == 0, -detail::infinity<Real>(), detail::nan<Real>());
  const Real bounded = detail::select(x > format::largest, x, y);
  return detail::select(x > 0 && !is_nan(x), bounded, at_most_zero);
}

/// ln(1 + x), within 3 ulp: the logarithm of what 1 + x is rounded to, corrected for the rounding.
template <class Real>
[[nodiscard]] TNN_HOST_DEVICE constexpr Real log1p(Real x) {
  TNN_ORDER_AS_WRITTEN
  const Real sum = detail::held(1 + x, x);
  const Real rounded = detail::held(sum - 1, x);
  const Real y = log(sum);
  // Of large numbers 1 + x is x: nothing to correct (and with -ffast-math their reciprocal is 0).
  const bool large = detail::to_bits(rounded) == detail::to_bits(x);
  const Real ratio = detail::select(large, Real(1), x / detail::select(large, Real(1), rounded));
  const bool small = detail::magnitude(rounded) == 0;
  return detail::select(small || is_nan(x), x, y * ratio);
}

/// The hyperbolic tangent, within 3 ulp; tanh(-0) is -0.
template <class Real>
[[nodiscard]] TNN_HOST_DEVICE constexpr Real tanh(Real x) {
  TNN_ORDER_AS_WRITTEN
  using format = detail::ieee<Real>;
  constexpr auto sign = detail::to_bits(Real(-0.0));
  const Real size = detail::from_bits<Real>(detail::magnitude(x));
  const Real bounded = detail::select(size < format::tanh_saturated, size, format::tanh_saturated);
  // -t / (2 + t), t = e^(-2|x|) - 1, whose relative error is small at 0 too.
  const auto [n, e_r_minus_1] = detail::split_exponential(-2 * bounded);
  const Real scale = detail::power_of_two<Real>(n + format::bias);
  const Real t = scale * e_r_minus_1 + detail::held(scale - 1, x);
  const Real y =
      detail::from_bits<Real>(detail::magnitude(t / (2 + t)) | (detail::to_bits(x) & sign));
  return detail::select(is_nan(x), x, y);
}

/// 1 / (1 + e^-x), within 3 ulp on both sides (subnormal results included).
template <class Real>
[[nodiscard]] TNN_HOST_DEVICE constexpr Real sigmoid(Real x) {
  TNN_ORDER_AS_WRITTEN
  constexpr auto sign = detail::to_bits(Real(-0.0));
  const Real number = detail::select(is_nan(x), Real(0), x);
  const Real e = exp(detail::from_bits<Real>(detail::to_bits(number) | sign));  // e^-|x|
  const Real y = detail::select(x < 0, e, Real(1)) / (1 + e);
  return detail::select(is_nan(x), x, y);
}

/// The error function, within 1.6 ulp; erf(-0) is -0. The coefficients of the tail are made by
/// tests/fixtures/generate_erf.py.
template <class Real>
[[nodiscard]] TNN_HOST_DEVICE constexpr Real erf(Real x) {
  TNN_ORDER_AS_WRITTEN
  using format = detail::ieee<Real>;
  constexpr auto sign = detail::to_bits(Real(-0.0));
  constexpr auto c = [](double factorial, int odd) {
    return static_cast<Real>(0x1.20dd750429b6dp0 / (factorial * odd));  // 2 / sqrt(pi)
  };
  const Real size = detail::from_bits<Real>(detail::magnitude(x));
  const Real small = detail::select(size < 1, x, Real(1));
  const Real large = detail::select(size < format::erf_saturated, size, format::erf_saturated);
  const Real z = -small * small;
  Real series{}, logarithm{};  // erf(x)/x - 1; log(1 - erf(|x|))
  if constexpr (sizeof(Real) == sizeof(float)) {
    series =
        detail::polynomial(z, c(3628800, 21), c(362880, 19), c(40320, 17), c(5040, 15), c(720, 13),
                           c(120, 11), c(24, 9), c(6, 7), c(2, 5), c(1, 3), 0.128379167f);
    logarithm = detail::polynomial(large, 0.000185321113f, -0.00293719883f, 0.0217956474f,
                                   -0.103016579f, -0.638250717f, -1.12702412f, -0.000357874733f);
  } else {
    series =
        detail::polynomial(z, c(355687428096000, 35), c(20922789888000, 33), c(1307674368000, 31),
                           c(87178291200, 29), c(6227020800, 27), c(479001600, 25), c(39916800, 23),
                           c(3628800, 21), c(362880, 19), c(40320, 17), c(5040, 15), c(720, 13),
                           c(120, 11), c(24, 9), c(6, 7), c(2, 5), c(1, 3), 0.12837916709551257);
    logarithm = detail::polynomial(
        large, -4.893068492631048e-12, 2.0315484516071303e-10, -3.9107910635887974e-9,
        4.6170025992364154e-8, -3.7142367462784707e-7, 2.1254540606431044e-6,
        -8.6250036367715719e-6, 2.2687877971775445e-5, -1.992966739712164e-5,
        -0.00013571550718304929, 0.00077167848983127086, -0.0019172070782810793,
        0.0004118230879333976, 0.018989321307238623, -0.1027029886473055, -0.63664379180754225,
        -1.1283740528079551, -5.066648052518383e-7);
  }
  const auto [n, e_r_minus_1] = detail::split_exponential(logarithm);
  const Real rest = detail::power_of_two<Real>(n + format::bias) * (1 + e_r_minus_1);
  const Real tail =
      detail::from_bits<Real>(detail::to_bits(1 - rest) | (detail::to_bits(x) & sign));
  const Real y = detail::select(size < 1, small + small * series, tail);
  return detail::select(is_nan(x), x, y);
}

/// The square root: the machine's, correctly rounded; within 1 ulp in a constant expression.
/// NaN below 0. (With -ffast-math the machine's may be wrong for subnormal numbers and infinity.)
template <class Real>
[[nodiscard]] TNN_HOST_DEVICE constexpr Real sqrt(Real x) {
  if (!__builtin_is_constant_evaluated()) {
    if constexpr (sizeof(Real) == sizeof(float)) {
      return __builtin_sqrtf(x);
    } else {
      return __builtin_sqrt(x);
    }
  }
  if (!(x > 0) || x > detail::ieee<Real>::largest) return x < 0 ? detail::nan<Real>() : x;
  const bool subnormal = x < detail::ieee<Real>::smallest_normal;
  const Real normal = subnormal ? x * Real(0x1p54) : x;
  Real y = detail::from_bits<Real>((detail::to_bits(normal) + detail::to_bits(Real(1))) >> 1);
  for (int i = 0; i < 5; ++i) y = (y + normal / y) / 2;  // Newton, from 6% down
  return subnormal ? y * Real(0x1p-27) : y;
}

/// x to the power y, for x > 0. A float's is within 1 ulp; a double's relative error is at most
/// (1 + |y*log(x)|) * 2^-52. pow(x, 0) is 1 whatever x; at x = 0 it is 0 for y > 0 and infinity for
/// y < 0; NaN for x < 0, whole y or not.
template <class Real>
[[nodiscard]] TNN_HOST_DEVICE constexpr Real pow(Real x, Real y) {
  const auto exponent = static_cast<double>(y);
  const double logarithm = log(static_cast<double>(x));
  return static_cast<Real>(exp(exponent * detail::select(exponent == 0, 1.0, logarithm)));
}

}  // namespace tnn::math
