#pragma once
// Adam (Kingma and Ba, 2015) and AdamW (Loshchilov and Hutter, 2019), as torch.optim has them. In
// update t, counted from 1:
//   Adam    g = gradient + decay w              AdamW   g = gradient;  w = w (1 - rate decay)
//   m = b1 m + (1 - b1) g;  v = b2 v + (1 - b2) g^2                          (both start at 0)
//   w = w - rate / (1 - b1^t) m / (sqrt(v) / sqrt(1 - b2^t) + eps)
#include <array>
#include <cstdint>
#include <string_view>

#include <tnn/core/host_device.hpp>
#include <tnn/core/math.hpp>
#include <tnn/train/options.hpp>

namespace tnn {

namespace detail {

inline constexpr std::array<std::string_view, 2> adam_state{"exp_avg", "exp_avg_sq"};

/// b^n for n >= 0, by squaring: constexpr; within 1e-13 of it for b to 0.9999.
constexpr double power(double b, std::int64_t n) {
  double result = 1;
  for (; n > 0; n /= 2, b *= b)
    if (n % 2 == 1) result *= b;
  return result;
}

template <class T>
struct adam_told {
  T rate = 0, beta1 = 0, beta2 = 0, eps = 0, weight_decay = 0;
  T rest1 = 1, rest2 = 1;  ///< 1 - beta1 and 1 - beta2: rounded once, not from betas in T
  T first = 1;             ///< 1 / (1 - b1^t)
  T second = 1;            ///< sqrt(1 - b2^t)
};

template <class T, class Options>
constexpr adam_told<T> adam_settings(const Options& o, std::int64_t updates) {
  return {static_cast<T>(o.rate),
          static_cast<T>(o.beta1),
          static_cast<T>(o.beta2),
          static_cast<T>(o.eps),
          static_cast<T>(o.weight_decay),
          static_cast<T>(1 - o.beta1),
          static_cast<T>(1 - o.beta2),
          static_cast<T>(1 / (1 - power(o.beta1, updates + 1))),
          static_cast<T>(math::sqrt(1 - power(o.beta2, updates + 1)))};
}

template <class T>
TNN_HOST_DEVICE constexpr void adam_update(const adam_told<T>& s, T& w, T g, T& m, T& v) {
  m = s.beta1 * m + s.rest1 * g;
  v = s.beta2 * v + s.rest2 * g * g;
  w -= s.rate * s.first * m / (math::sqrt(v) / s.second + s.eps);
}

template <class Options>
constexpr void check_adam(const Options& o) {
  require_at_least_0("learning rate", o.rate);
  require_fraction("beta1", o.beta1);
  require_fraction("beta2", o.beta2);
  require_positive("eps", o.eps);
  require_at_least_0("weight decay", o.weight_decay);
}

}  // namespace detail

struct Adam {
  double rate = 1e-3;
  double beta1 = 0.9, beta2 = 0.999;
  double eps = 1e-8;
  double weight_decay = 0;

  static constexpr auto state = detail::adam_state;
  template <class T>
  [[nodiscard]] constexpr detail::adam_told<T> settings(std::int64_t updates) const {
    return detail::adam_settings<T>(*this, updates);
  }
  template <class T>
  TNN_HOST_DEVICE static constexpr void update(const detail::adam_told<T>& s, bool decays, T& w,
                                               T g, T& m, T& v) {
    detail::adam_update(s, w, decays ? g + s.weight_decay * w : g, m, v);
  }
  constexpr void check() const { detail::check_adam(*this); }
};

struct AdamW {
  double rate = 1e-3;
  double beta1 = 0.9, beta2 = 0.999;
  double eps = 1e-8;
  double weight_decay = 0.01;

  static constexpr auto state = detail::adam_state;
  template <class T>
  [[nodiscard]] constexpr detail::adam_told<T> settings(std::int64_t updates) const {
    return detail::adam_settings<T>(*this, updates);
  }
  template <class T>
  TNN_HOST_DEVICE static constexpr void update(const detail::adam_told<T>& s, bool decays, T& w,
                                               T g, T& m, T& v) {
    if (decays) w *= 1 - s.rate * s.weight_decay;
    detail::adam_update(s, w, g, m, v);
  }
  constexpr void check() const { detail::check_adam(*this); }
};

}  // namespace tnn
