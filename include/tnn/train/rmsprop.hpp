#pragma once
// RMSprop (Hinton, 2012), as torch.optim.RMSprop without `centered`:
//   g = gradient + decay w;  s = alpha s + (1 - alpha) g^2
//   v = momentum v + g / (sqrt(s) + eps);  w = w - rate v              (both start at 0)
#include <array>
#include <cstdint>
#include <string_view>

#include <tnn/core/host_device.hpp>
#include <tnn/core/math.hpp>
#include <tnn/train/options.hpp>

namespace tnn {

struct RMSprop {
  double rate = 0.01;
  double alpha = 0.99;
  double eps = 1e-8;
  double weight_decay = 0;
  double momentum = 0;

  static constexpr std::array<std::string_view, 2> state{"square_avg", "momentum_buffer"};

  template <class T>
  struct told {
    T rate = 0, alpha = 0, rest = 1, eps = 0, weight_decay = 0, momentum = 0;  ///< rest: 1 - alpha
  };
  template <class T>
  [[nodiscard]] constexpr told<T> settings(std::int64_t /*update*/) const {
    return {static_cast<T>(rate), static_cast<T>(alpha),        static_cast<T>(1 - alpha),
            static_cast<T>(eps),  static_cast<T>(weight_decay), static_cast<T>(momentum)};
  }
  template <class T>
  TNN_HOST_DEVICE static constexpr void update(const told<T>& s, bool decays, T& w, T gradient,
                                               T& square, T& velocity) {
    const T g = decays ? gradient + s.weight_decay * w : gradient;
    square = s.alpha * square + s.rest * g * g;
    velocity = s.momentum * velocity + g / (math::sqrt(square) + s.eps);
    w -= s.rate * velocity;
  }
  constexpr void check() const {
    detail::require_at_least_0("learning rate", rate);
    detail::require_fraction("alpha", alpha);
    detail::require_positive("eps", eps);
    detail::require_at_least_0("weight decay", weight_decay);
    detail::require_fraction("momentum", momentum);
  }
};

}  // namespace tnn
