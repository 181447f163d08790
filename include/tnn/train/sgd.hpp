#pragma once
// Stochastic gradient descent with momentum and weight decay, torch.optim.SGD's formula:
//   g = gradient + decay w;  v = momentum v + g;  w = w - rate v              (v starts at 0)
//   nesterov:                                     w = w - rate (g + momentum v)
// The rate stays out of v, unlike in the 2012 paper: they differ only when the rate changes.
#include <array>
#include <cstdint>
#include <string_view>

#include <tnn/core/host_device.hpp>
#include <tnn/train/options.hpp>

namespace tnn {

struct SGD {
  double rate = 0.01;
  double momentum = 0.9;
  double weight_decay = 0;
  bool nesterov = false;

  static constexpr std::array<std::string_view, 1> state{"momentum_buffer"};

  template <class T>
  struct told {
    T rate = 0, momentum = 0, weight_decay = 0;
    bool nesterov = false;
  };
  template <class T>
  [[nodiscard]] constexpr told<T> settings(std::int64_t /*update*/) const {
    return {static_cast<T>(rate), static_cast<T>(momentum), static_cast<T>(weight_decay), nesterov};
  }
  template <class T>
  TNN_HOST_DEVICE static constexpr void update(const told<T>& s, bool decays, T& w, T gradient,
                                               T& velocity) {
    const T g = gradient + (decays ? s.weight_decay : T{0}) * w;
    const T v = s.momentum * velocity + g;
    velocity = v;
    w -= s.rate * (s.nesterov ? g + s.momentum * v : v);
  }

  /// tnn::error for what no run can mean.
  constexpr void check() const {
    detail::require_at_least_0("learning rate", rate);
    detail::require_fraction("momentum", momentum);
    detail::require_at_least_0("weight decay", weight_decay);
    if (nesterov && momentum == 0) throw error("Nesterov's SGD wants a momentum above 0");
  }
};

}  // namespace tnn
