// tnn's functions as users compile them who ask for speed before all: see check.sh.
#include "ours.hpp"

#include <tnn/core/math.hpp>
#include <tnn/train/cross_entropy.hpp>

namespace math = tnn::math;

namespace {

template <class Real>
void each(function f, const Real* x, Real* y, std::int64_t n) {
  const auto loop = [&](auto g) {
    for (std::int64_t i = 0; i < n; ++i) y[i] = g(x[i]);
  };
  switch (f) {
    case function::exp:
      return loop([](Real v) { return math::exp(v); });
    case function::log:
      return loop([](Real v) { return math::log(v); });
    case function::log1p:
      return loop([](Real v) { return math::log1p(v); });
    case function::tanh:
      return loop([](Real v) { return math::tanh(v); });
    case function::sigmoid:
      return loop([](Real v) { return math::sigmoid(v); });
    case function::erf:
      return loop([](Real v) { return math::erf(v); });
    case function::sqrt:
      return loop([](Real v) { return math::sqrt(v); });
  }
}

template <class Real>
void each_pow(const Real* x, Real exponent, Real* y, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) y[i] = math::pow(x[i], exponent);
}

}  // namespace

void apply(function f, const float* x, float* y, std::int64_t n) { each(f, x, y, n); }
void apply(function f, const double* x, double* y, std::int64_t n) { each(f, x, y, n); }
void apply_pow(const float* x, float e, float* y, std::int64_t n) { each_pow(x, e, y, n); }
void apply_pow(const double* x, double e, double* y, std::int64_t n) { each_pow(x, e, y, n); }

bool holds_for_nan(float x) { return math::is_nan(x); }
bool holds_for_finite(float x) { return math::is_finite(x); }

std::int32_t rank(const float* logits) {
  const std::int32_t label = 1;
  return tnn::detail::rank_of(tnn::place_values<const float>{logits, 1}, 4, label);
}
