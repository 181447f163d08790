// Data, an activation and a network of your own: trained, saved, loaded again and asked. Points of
// two spirals that wind around each other; on which of the two is a point?
#include <cmath>
#include <cstdio>
#include <tnn/cpu.hpp>
#include <tnn/data.hpp>
#include <tnn/io.hpp>
#include <tnn/train.hpp>

using namespace tnn;

// [activation]
struct Sine : elementwise {};  // y = sin(2 x)
struct sine_math {
  template <class T>
  static T y(T x) {
    return std::sin(2 * x);
  }
  template <class T>
  static T dx(T dy, T x) {
    return dy * 2 * std::cos(2 * x);
  }
  static constexpr bool reads_x = true;  // dx is given x, not y
};
template <class T, class X, class Y>
struct tnn::compute<Cpu, T, bound<Sine, X, Y>> : elementwise_compute<Cpu, T, X, sine_math> {};
// [/activation]

using Net = Sequential<Input<2>, Linear<32>, Sine, Linear<32>, Sine, Linear<2>>;

// [data]
Samples<float, std::int32_t> spirals(int count, float start) {
  std::vector<float> points;
  std::vector<std::int32_t> labels;
  for (int i = 0; i < count; ++i) {
    const float turn = 9 * (float(i) + start) / float(count), side = i % 2 == 0 ? 1.0f : -1.0f;
    points.insert(points.end(),
                  {side * turn / 9 * std::cos(turn), side * turn / 9 * std::sin(turn)});
    labels.push_back(i % 2);
  }
  return {{2}, points, labels};
}
// [/data]

int main() {
  // [train]
  Model<Net, Cpu> model{Cpu{}, {.capacity = 50, .seed = 1}};
  Training training{model, {}, CrossEntropyLoss{}, AdamW{.rate = 0.01}};
  Trainer trainer{training, spirals(400, 0.5f), spirals(100, 0.25f)};
  trainer.run(100);
  save(model, "spirals.safetensors");

  Model<Net, Cpu> loaded{Cpu{}, {.initialise = zero_initialisation}};
  load(loaded, "spirals.safetensors");
  const std::vector<float> points{0, 0.52f, 0.7f, 0};  // two of them
  for (const std::int32_t spiral : loaded.predict(points)) std::printf("spiral %d\n", spiral);
  std::printf("right: %.0f%%\n", 100 * evaluate(loaded, spirals(100, 0.75f)).top(1));
  // [/train]
}
