#pragma once
// Stochastic gradient descent with momentum and weight decay, torch.optim.SGD's formula:
//   g = gradient + decay w;  v = momentum v + g;  w = w - rate v        (v starts at 0)
// The rate stays out of v, unlike in the 2012 paper: they differ only when the rate changes.
// One pass over the arena, so one multiply-add a value and no temporaries.
#include <cstdint>

#include <tnn/core/backend.hpp>
#include <tnn/core/host_device.hpp>

namespace tnn {

struct SGD {
  double rate = 0.01;
  double momentum = 0.9;
  double weight_decay = 0;
};

template <class T>
struct sgd_update {
  T* weights;
  const T* gradients;
  T* velocity;
  const step_settings<T>* settings;
  bool decays = true;  ///< weight decay, where the settings ask for it
  TNN_HOST_DEVICE constexpr void operator()(std::int64_t i) const {
    const T decay = decays ? settings->weight_decay : T{0};
    const T v = settings->momentum * velocity[i] + (gradients[i] + decay * weights[i]);
    velocity[i] = v;
    weights[i] -= settings->rate * v;
  }
};

}  // namespace tnn
