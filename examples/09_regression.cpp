// Regression: how far a damped pendulum has swung, learnt from its time. Targets are values, so a
// loss of values judges them: torch's MSELoss first, then a loss of one's own, and an optimizer of
// one's own.
#include <cmath>
#include <cstdio>
#include <vector>

#include <tnn/cpu.hpp>
#include <tnn/train/adam.hpp>
#include <tnn/train/schedule.hpp>
#include <tnn/train/training.hpp>
#include <tnn/train/value_losses.hpp>

using namespace tnn;

// [loss]
// log(cosh(d)): a square where the difference d is small, and its size where it is large.
struct LogCoshLoss {
  template <class T>
  struct math {
    TNN_HOST_DEVICE constexpr loss_term<T> operator()(T y, T target) const {
      const T d = y - target, size = d < 0 ? -d : d;
      const T log2 = static_cast<T>(0.6931471805599453);
      return {size + tnn::math::log1p(tnn::math::exp(-2 * size)) - log2, tnn::math::tanh(d)};
    }
  };
};
// [/loss]

// [optimizer]
// Lion (Chen et al., 2023): steps of one size, by the sign of a mixture of gradient and momentum.
struct Lion {
  double rate = 1e-4, beta1 = 0.9, beta2 = 0.99, weight_decay = 0;

  static constexpr std::array<std::string_view, 1> state{"exp_avg"};  // what it keeps of a weight
  template <class T>
  struct told {
    T rate = 0, beta1 = 0, beta2 = 0, weight_decay = 0;
  };
  template <class T>
  constexpr told<T> settings(std::int64_t /*updates so far*/) const {
    return {T(rate), T(beta1), T(beta2), T(weight_decay)};
  }
  template <class T>
  TNN_HOST_DEVICE static constexpr void update(const told<T>& s, bool decays, T& w, T g, T& m) {
    const T direction = s.beta1 * m + (1 - s.beta1) * g;
    const T sign = static_cast<T>((direction > 0) - (direction < 0));
    w -= s.rate * (sign + (decays ? s.weight_decay * w : T{0}));
    m = s.beta2 * m + (1 - s.beta2) * g;
  }
};
// [/optimizer]

// [data]
using Net = Sequential<Input<1>, Linear<32>, Tanh, Linear<32>, Tanh, Linear<1>>;

float swing(float t) { return std::exp(-t) * std::cos(6 * t); }  // t in [0, 2]
// [/data]

/// Trains on 64 times, and says how far off it is between them: the root of the mean square.
template <class L, class O>
double error_after(const char* name, L loss, O optimizer) {
  // [train]
  Model<Net, Cpu> model{Cpu{.threads = 2}, {.capacity = 63, .seed = 1}};
  Training training{model, {.capacity = 64}, loss, optimizer};

  std::vector<float> times(64), swings(64);
  for (std::size_t i = 0; i < 64; ++i) {
    times[i] = 2 * float(i) / 63;
    swings[i] = swing(times[i]);
  }
  constexpr int steps = 4000;
  const Schedule schedule{{.kind = ScheduleKind::one_cycle, .rate = optimizer.rate, .epochs = 1},
                          steps};
  for (int step = 0; step < steps; ++step) {
    optimizer.rate = schedule.rate(step);
    training.step(times, swings, optimizer);
  }
  // [/train]
  std::vector<float> between(63), found(63);
  for (std::size_t i = 0; i < 63; ++i) between[i] = (times[i] + times[i + 1]) / 2;
  model.forward(between, found);
  double squares = 0;
  for (std::size_t i = 0; i < 63; ++i) squares += std::pow(double(found[i] - swing(between[i])), 2);
  const double error = std::sqrt(squares / 63);
  std::printf("%s: off by %s 0.02\n", name, error < 0.02 ? "less than" : "MORE than");
  return error;
}

int main() {
  bool good = error_after("MSELoss and AdamW", MSELoss{}, AdamW{.rate = 0.01}) < 0.02;
  good &= error_after("LogCoshLoss and AdamW", LogCoshLoss{}, AdamW{.rate = 0.01}) < 0.02;
  good &= error_after("MSELoss and Lion", MSELoss{}, Lion{.rate = 2e-3}) < 0.02;
  return good ? 0 : 1;
}
