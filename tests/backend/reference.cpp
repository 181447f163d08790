// A network in a constant expression: Reference does everything a program does while it compiles,
// within the default limits of both compilers.
#include <tnn/reference.hpp>

#include <cmath>

#include <tnn/train/training.hpp>

#include "support/catch.hpp"
#include "support/values.hpp"

using namespace tnn;

namespace {

using large_net = Sequential<Input<1, 16, 16>,                  //
                             Conv2d<8, Kernel<3>, Padding<1>>,  //  0  8 x 16 x 16
                             MaxPool2d<Kernel<4>>, Sigmoid,     //  1  8 x 4 x 4
                             Flatten, Linear<10>>;              //  3  10
static_assert(multiply_adds<large_net> < 20'000 && multiply_adds<large_net> > 19'500);
using large_model = Model<large_net, Reference>;

constexpr auto pixels = [] {
  std::array<float, large_model::input_size> x{};
  for (std::uint32_t k = 0; k < x.size(); ++k) x[k] = static_cast<float>(formula_value(1, k));
  return x;
}();

constexpr std::array<float, 10> evaluate() {
  large_model model{Reference{}, {.seed = 7}};
  std::array<float, 10> y{};
  model.forward(pixels, y);
  return y;
}

constexpr std::array<float, 10> logits = evaluate();

/// A class of largest logit, to at least 0.001.
constexpr bool wins(std::size_t k) {
  for (std::size_t i = 0; i < logits.size(); ++i)
    if (i != k && logits[i] + 0.001f > logits[k]) return false;
  return true;
}
static_assert(wins(0) + wins(1) + wins(2) + wins(3) + wins(4) + wins(5) + wins(6) + wins(7) +
                  wins(8) + wins(9) ==
              1);

/// The loss of a batch before and after ten steps of training.
constexpr std::array<double, 2> learn() {
  using Net = Sequential<Input<1, 4, 4>, Conv2d<2, Kernel<3>>, Sigmoid, AvgPool2d<Kernel<2>>,
                         Flatten, Linear<2>>;
  Model<Net, Reference, double> model{Reference{}, {.seed = 1}};
  Training training{model, {.capacity = 2, .seed = 2}};
  std::array<double, 32> x{};
  for (std::uint32_t k = 0; k < x.size(); ++k) x[k] = formula_value(2, k);
  const std::array<std::int32_t, 2> labels{0, 1};
  std::array<double, 2> loss{};
  loss[0] = training.step(x, labels, SGD{.rate = 0.1}).mean_loss();
  for (int step = 0; step < 10; ++step)
    loss[1] = training.step(x, labels, SGD{.rate = 0.1}).mean_loss();
  return loss;
}
constexpr std::array<double, 2> losses = learn();
static_assert(losses[1] < losses[0]);

std::vector<float> list_of(const std::array<float, 10>& a) { return {a.begin(), a.end()}; }

}  // namespace

TEST_CASE("a network's logits while compiling are those of the run", "[reference]") {
  CHECK(relative_error(list_of(logits), list_of(evaluate())) < 1e-6);
}

TEST_CASE("a network's logits while compiling are those of plain arithmetic", "[reference]") {
  const large_model model{Reference{}, {.seed = 7}};
  const auto parameter = [&](const char* name, std::size_t n) {
    std::vector<float> values(n);
    model.read(name, values);
    return converted<double>(values);
  };
  const auto w = parameter("0.weight", 8 * 9), b = parameter("0.bias", 8);
  const auto v = parameter("4.weight", 10 * 128), c = parameter("4.bias", 10);
  const auto pixel = [](int row, int column) -> double {
    const bool inside = row >= 0 && row < 16 && column >= 0 && column < 16;
    return inside ? pixels[static_cast<std::size_t>(row * 16 + column)] : 0;
  };

  std::vector<double> pooled(128, -1e300), y = c;
  for (int f = 0; f < 8; ++f)
    for (int i = 0; i < 16; ++i)
      for (int j = 0; j < 16; ++j) {
        double sum = b[static_cast<std::size_t>(f)];
        for (int u = 0; u < 9; ++u)
          sum += w[static_cast<std::size_t>(f * 9 + u)] * pixel(i + u / 3 - 1, j + u % 3 - 1);
        double& best = pooled[static_cast<std::size_t>(f * 16 + i / 4 * 4 + j / 4)];
        best = std::max(best, sum);
      }
  for (std::size_t k = 0; k < 10; ++k)
    for (std::size_t i = 0; i < 128; ++i) y[k] += v[k * 128 + i] / (1 + std::exp(-pooled[i]));
  CHECK(relative_error(list_of(logits), y) < 1e-6);
}

TEST_CASE("a network that learnt while compiling learns the same in a run", "[reference]") {
  const auto again = learn();
  CHECK(std::abs(again[0] / losses[0] - 1) < 1e-12);
  CHECK(std::abs(again[1] / losses[1] - 1) < 1e-12);
}
