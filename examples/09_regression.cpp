// Regression: how far a damped pendulum has swung, learnt from its time. Targets are values, so a
// loss of values judges them: torch's MSELoss first, then a loss of one's own, and an optimizer of
// one's own. Named a file (fit.svg), it draws the first fit there.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <vector>

#include <tnn/cpu.hpp>
#include <tnn/data/samples.hpp>
#include <tnn/train.hpp>

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

template <class M>
void draw(const M& model, const Samples<float, float>& learnt, const char* file);

/// Trains on 64 times, and says how far off it is between them: the root of the mean square.
template <class L, class O>
double error_after(const char* name, L loss, O optimizer, const char* picture = nullptr) {
  // [train]
  std::vector<float> times(64), swings(64), between(63), expected(63);
  for (std::size_t i = 0; i < 64; ++i) times[i] = 2 * float(i) / 63;
  for (std::size_t i = 0; i < 63; ++i) between[i] = (times[i] + times[i + 1]) / 2;
  std::transform(times.begin(), times.end(), swings.begin(), swing);
  std::transform(between.begin(), between.end(), expected.begin(), swing);
  const Samples data({1}, times, swings), unseen({1}, between, expected);

  Model<Net, Cpu> model{Cpu{.threads = 2}, {.capacity = 64, .seed = 1}};
  Training training{model, {}, loss, optimizer};
  constexpr int epochs = 4000;  // each is one step, of all samples
  Trainer trainer{
      training, data, {.schedule = {.kind = ScheduleKind::one_cycle, .epochs = epochs}}};
  trainer.run(epochs);
  const double error = std::sqrt(evaluate(model, unseen, MSELoss{}).mean_loss());
  // [/train]
  std::printf("%s: off by %s 0.02\n", name, error < 0.02 ? "less than" : "MORE than");
  if (picture != nullptr) draw(model, data, picture);
  return error;
}

/// The fit as an SVG: dots are what was learnt, the line is what the network says.
template <class M>
void draw(const M& model, const Samples<float, float>& learnt, const char* file) {
  std::vector<float> times(401);
  for (std::size_t i = 0; i < times.size(); ++i) times[i] = 2 * float(i) / 400;
  const std::vector<float> swings = model.forward(times);
  std::ofstream svg(file);
  const auto x = [](float t) { return 20 + 280 * t; };
  const auto y = [](float s) { return 140 - 110 * s; };
  svg << "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 600 260' width='600'>\n"
         "<rect width='600' height='260' fill='white'/>\n"
         "<path d='M20 140H580M20 20V240' stroke='#999'/>\n"
         "<text x='430' y='235' font-family='sans-serif' font-size='13'>swing over time</text>\n"
         "<polyline fill='none' stroke='#1f77b4' stroke-width='2' points='";
  for (std::size_t i = 0; i < times.size(); ++i) svg << x(times[i]) << ',' << y(swings[i]) << ' ';
  svg << "'/>\n";
  for (std::int64_t i = 0; i < learnt.size(); ++i)
    svg << "<circle r='2.5' cx='" << x(learnt.values_of(i)[0]) << "' cy='"
        << y(learnt.targets_of(i)[0]) << "' fill='#d62728'/>\n";
  svg << "</svg>\n";
}

int main(int argc, char** argv) {
  const char* const picture = argc > 1 ? argv[1] : nullptr;  // where to draw the first fit
  bool good = error_after("MSELoss and AdamW", MSELoss{}, AdamW{.rate = 0.01}, picture) < 0.02;
  good &= error_after("LogCoshLoss and AdamW", LogCoshLoss{}, AdamW{.rate = 0.01}) < 0.02;
  good &= error_after("MSELoss and Lion", MSELoss{}, Lion{.rate = 2e-3}) < 0.02;
  return good ? 0 : 1;
}
