#pragma once
// Initial parameters by layer kind, as torch.nn.init computes their bounds:
//   Xavier   uniform +-sqrt(6 / (fan_in + fan_out)),  normal std sqrt(2 / (fan_in + fan_out))
//   Kaiming  uniform +-sqrt(6 / fan_in),              normal std sqrt(2 / fan_in)   (for ReLU)
// Each value is a function of (seed, parameter, its index), drawn on the host: equal on all
// backends.
#include <tnn/core/math.hpp>
#include <tnn/core/parameters.hpp>
#include <tnn/core/philox.hpp>

namespace tnn {

enum class Filling {
  zeros,
  xavier_uniform,
  xavier_normal,
  kaiming_uniform,
  kaiming_normal,
  normal
};

struct Filler {
  Filling weights = Filling::xavier_uniform;
  double deviation = 0.01;  ///< standard deviation of Filling::normal
  double bias = 0;          ///< every bias
};

struct Initialisation {
  Filler conv2d{};
  Filler linear{};
  Filler (*of)(const ParameterInfo&) = nullptr;  ///< if given: of each parameter, instead
};

/// All parameters zero: for a model whose weights are loaded next.
inline constexpr Initialisation zero_initialisation{{Filling::zeros}, {Filling::zeros}};

namespace detail {

/// The standard normal value below which lie p of all, 0 < p < 1: Wichura's AS 241 (PPND16),
/// Applied Statistics 37 (1988), relative error about 1e-16.
constexpr double normal_quantile(double p) {
  const auto ratio = [](double r, const double(&a)[8], const double(&b)[7]) {
    double top = a[7], bottom = b[6];
    for (int i = 6; i >= 0; --i) top = top * r + a[i];
    for (int i = 5; i >= 0; --i) bottom = bottom * r + b[i];
    return top / (bottom * r + 1);
  };
  constexpr double central[8] = {3.3871328727963666080e0,  1.3314166789178437745e+2,
                                 1.9715909503065514427e+3, 1.3731693765509461125e+4,
                                 4.5921953931549871457e+4, 6.7265770927008700853e+4,
                                 3.3430575583588128105e+4, 2.5090809287301226727e+3};
  constexpr double central_below[7] = {4.2313330701600911252e+1, 6.8718700749205790830e+2,
                                       5.3941960214247511077e+3, 2.1213794301586595867e+4,
                                       3.9307895800092710610e+4, 2.8729085735721942674e+4,
                                       5.2264952788528545610e+3};
  constexpr double middle[8] = {1.42343711074968357734e0,  4.63033784615654529590e0,
                                5.76949722146069140550e0,  3.64784832476320460504e0,
                                1.27045825245236838258e0,  2.41780725177450611770e-1,
                                2.27238449892691845833e-2, 7.74545014278341407640e-4};
  constexpr double middle_below[7] = {2.05319162663775882187e0,  1.67638483018380384940e0,
                                      6.89767334985100004550e-1, 1.48103976427480074590e-1,
                                      1.51986665636164571966e-2, 5.47593808499534494600e-4,
                                      1.05075007164441684324e-9};
  constexpr double far[8] = {6.65790464350110377720e0,  5.46378491116411436990e0,
                             1.78482653991729133580e0,  2.96560571828504891230e-1,
                             2.65321895265761230930e-2, 1.24266094738807843860e-3,
                             2.71155556874348757815e-5, 2.01033439929228813265e-7};
  constexpr double far_below[7] = {5.99832206555887937690e-1, 1.36929880922735805310e-1,
                                   1.48753612908506148525e-2, 7.86869131145613259100e-4,
                                   1.84631831751005468180e-5, 1.42151175831644588870e-7,
                                   2.04426310338993978564e-15};
  const double q = p - 0.5;
  if (q >= -0.425 && q <= 0.425) return q * ratio(0.180625 - q * q, central, central_below);
  const double tail = math::sqrt(-math::log(q < 0 ? p : 1 - p));
  const double x =
      tail <= 5 ? ratio(tail - 1.6, middle, middle_below) : ratio(tail - 5, far, far_below);
  return q < 0 ? -x : x;
}

}  // namespace detail

/// Element i of a parameter: of a seed, always the same.
[[nodiscard]] constexpr double initial_value(const ParameterInfo& p, const Filler& f,
                                             std::uint64_t seed, std::int64_t i) {
  if (p.begins == beginning::constant) return p.start;
  if (p.begins == beginning::as_bias) return f.bias;
  if (f.weights == Filling::zeros) return 0;
  const philox_block words =
      philox(stream_key(seed, random_stream::initialisation), static_cast<std::uint32_t>(i / 2), 0,
             static_cast<std::uint32_t>(p.layer), static_cast<std::uint32_t>(p.among));
  // Two words a value, and never 0 or 1, where the normal's quantile is infinite.
  const double u = uniform_double(words.v[i % 2 * 2], words.v[i % 2 * 2 + 1]) + 0x1p-54;
  const auto in = static_cast<double>(p.fan_in), both = static_cast<double>(p.fan_in + p.fan_out);
  switch (f.weights) {
    case Filling::xavier_uniform:
      return (2 * u - 1) * math::sqrt(6 / both);
    case Filling::xavier_normal:
      return detail::normal_quantile(u) * math::sqrt(2 / both);
    case Filling::kaiming_uniform:
      return (2 * u - 1) * math::sqrt(6 / in);
    case Filling::kaiming_normal:
      return detail::normal_quantile(u) * math::sqrt(2 / in);
    case Filling::normal:
      return detail::normal_quantile(u) * f.deviation;
    case Filling::zeros:
      break;
  }
  return 0;
}

/// The filler for a parameter, by its kind of layer unless there is one for each.
constexpr Filler filler_for(const Initialisation& how, const ParameterInfo& p) {
  if (how.of != nullptr) return how.of(p);
  return p.kind == layer_kind::conv2d ? how.conv2d : how.linear;
}

}  // namespace tnn
