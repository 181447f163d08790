// Training on networks of every layer: gradients against differences, SGD against the formula, and
// what is refused.
#include <tnn/train/training.hpp>

#include <tnn/cpu.hpp>
#include <tnn/reference.hpp>

#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/every_layer.hpp"
#include "support/values.hpp"

using namespace tnn;

namespace {

constexpr int batch = 3;
const std::vector<std::int32_t> labels{1, 4, 0};

/// Every parameter's values, read by name with `read`.
template <class Read>
std::vector<std::vector<double>> each_parameter(Read read) {
  std::vector<std::vector<double>> all;
  for (const ParameterInfo& p : parameters_table<every_layer>)
    read(p.name, all.emplace_back(static_cast<std::size_t>(p.size)));
  return all;
}

template <class B>
struct setup {
  using M = Model<every_layer, B, double>;
  explicit setup(B backend = {})
      : model(backend, {.capacity = batch, .seed = 2}),
        training(model, {.capacity = 4, .seed = 9}) {
    std::uint32_t which = 20;
    for (const ParameterInfo& p : parameters_table<every_layer>)
      model.write(p.name, formula_values(which++, p.size));
  }
  std::vector<std::vector<double>> weights() const {
    return each_parameter([&](auto name, auto& to) { model.read(name, to); });
  }
  std::vector<std::vector<double>> gradients() const {
    return each_parameter([&](auto name, auto& to) { training.read_gradient(name, to); });
  }
  std::vector<std::vector<double>> momentum() const {
    return each_parameter(
        [&](auto name, auto& to) { training.read_state("momentum_buffer", name, to); });
  }

  std::vector<double> x = formula_values(1, batch* M::input_size);
  M model;
  Training<M> training;
};

}  // namespace

TEMPLATE_TEST_CASE("the gradients of a network of every layer are its differences", "[training]",
                   Reference, Cpu) {
  constexpr double h = 0x1p-17;
  setup<TestType> s;
  s.training.set_steps(6);  // the masks of step 6, for all that follows
  s.training.gradients(s.x, labels);
  const auto gradients = s.gradients();
  std::size_t at = 0;
  for (const ParameterInfo& p : parameters_table<every_layer>) {
    const auto weights = formula_values(static_cast<std::uint32_t>(20 + at), p.size);
    std::vector<double> differences;
    for (std::size_t k = 0; k < weights.size(); ++k) {
      const auto loss_at = [&](double shift) {
        auto moved = weights;
        moved[k] += shift;
        s.model.write(p.name, moved);
        return s.training.gradients(s.x, labels).mean_loss();
      };
      differences.push_back((loss_at(h) - loss_at(-h)) / (2 * h));
    }
    s.model.write(p.name, weights);
    INFO(p.name);
    CHECK(relative_error(gradients[at], differences) < 1e-7);
    ++at;
  }
}

TEST_CASE("Dropout's masks in training are a function of seed and step", "[training]") {
  setup<Cpu> s, same;
  const double loss = s.training.gradients(s.x, labels).loss;
  CHECK(s.training.gradients(s.x, labels).loss == loss);
  CHECK(same.training.gradients(s.x, labels).loss == loss);
  s.training.set_steps(1);
  CHECK(s.training.gradients(s.x, labels).loss != loss);
  Training other_seed{same.model, {.capacity = 4, .seed = 10}};
  CHECK(other_seed.gradients(s.x, labels).loss != loss);
}

TEMPLATE_TEST_CASE("a step is SGD on the gradients, the rate changed at step 3", "[training]",
                   Reference, Cpu) {
  setup<TestType> s;
  auto w = s.weights();
  auto v = w;
  for (auto& values : v) std::fill(values.begin(), values.end(), 0.0);
  for (int step = 0; step < 5; ++step) {
    const SGD sgd{.rate = step < 3 ? 0.1 : 0.01, .momentum = 0.9, .weight_decay = 0.05};
    CHECK(s.training.steps() == step);
    s.training.step(s.x, labels, sgd);
    const auto g = s.gradients();
    for (std::size_t p = 0; p < w.size(); ++p)
      for (std::size_t k = 0; k < w[p].size(); ++k) {
        v[p][k] = 0.9 * v[p][k] + g[p][k] + 0.05 * w[p][k];
        w[p][k] -= sgd.rate * v[p][k];
      }
    const auto weights = s.weights(), momentum = s.momentum();
    for (std::size_t p = 0; p < w.size(); ++p) {
      CHECK(relative_error(weights[p], w[p]) < 1e-14);
      CHECK(relative_error(momentum[p], v[p]) < 1e-14);
    }
  }
}

TEST_CASE("a step is gradients and update, bit for bit", "[training]") {
  setup<Cpu> whole, parts;
  const SGD sgd{.rate = 0.1, .weight_decay = 0.01};
  for (int step = 0; step < 3; ++step) {
    whole.training.step(whole.x, labels, sgd);
    parts.training.gradients(parts.x, labels);
    parts.training.update(sgd);
  }
  CHECK(whole.weights() == parts.weights());
  CHECK(whole.momentum() == parts.momentum());
}

TEST_CASE("a step in three parts is a step, bit for bit, and wants a batch", "[training]") {
  setup<Cpu> whole, parts;
  const SGD sgd{.rate = 0.1, .weight_decay = 0.01};
  CHECK(::refuses([&] { parts.training.launch(sgd); }, "no batch was staged"));
  for (int step = 0; step < 3; ++step) {
    const double loss = whole.training.step(whole.x, labels, sgd).loss;
    parts.training.stage(parts.x, labels);
    parts.training.launch(sgd);
    CHECK(::refuses([&] { parts.training.launch(sgd); }, "no batch was staged"));
    CHECK(parts.training.result().loss == loss);
  }
  CHECK(whole.weights() == parts.weights());
  CHECK(whole.momentum() == parts.momentum());
  CHECK(parts.training.steps() == 3);
  // A batch that is refused is not staged.
  CHECK(::refuses([&] { parts.training.stage(parts.x, std::vector<std::int32_t>{1, 4, 9}); }, "9"));
  CHECK(::refuses([&] { parts.training.launch(sgd); }, "no batch was staged"));
}

TEST_CASE("training lowers the loss of a fixed batch until all is right", "[training]") {
  using Net = Sequential<Input<1, 6, 6>, Conv2d<4, Kernel<3>>, ReLU, MaxPool2d<Kernel<2>>, Flatten,
                         Linear<8>, Tanh, Linear<3>>;
  using M = Model<Net, Cpu>;
  M model{Cpu{2}, {.capacity = 1, .seed = 1}};
  Training training{model, {.capacity = 6, .seed = 1}};
  const auto x = formula_values<float>(5, 6 * M::input_size);
  const std::vector<std::int32_t> three{0, 1, 2, 2, 1, 0};
  const BatchResult first = training.step(x, three, SGD{.rate = 0.05});
  CHECK(first.count == 6);
  CHECK(first.accuracy() < 1);
  BatchResult last;
  for (int step = 0; step < 200; ++step) last = training.step(x, three, SGD{.rate = 0.05});
  CHECK(last.right == 6);
  CHECK(last.accuracy() == 1);
  CHECK(last.mean_loss() < 0.05 * first.mean_loss());
  // What was trained is the model: its own forward is right, too.
  std::vector<float> y(3);
  for (std::size_t n = 0; n < 6; ++n) {
    model.forward(std::span(x).subspan(n * 36, 36), y);
    const auto best = std::max_element(y.begin(), y.end()) - y.begin();
    CHECK(best == three[n]);
  }
}

TEST_CASE("the loss of a batch is the sum of its samples', the gradient that of their mean",
          "[training]") {
  using Net = Sequential<Input<4>, Linear<3>, Sigmoid, Linear<2>>;
  using M = Model<Net, Cpu, double>;
  M model{Cpu{2}, {.seed = 1}};
  Training training{model, {.capacity = 3}};
  const auto x = formula_values(1, 12);
  const std::vector<std::int32_t> y{0, 1, 1};
  std::vector<double> together(12), one(12), sum(12);
  const double loss = training.gradients(x, y).loss;
  training.read_gradient("0.weight", together);
  double losses = 0;
  for (std::size_t n = 0; n < 3; ++n) {
    losses += training.gradients(std::span(x).subspan(n * 4, 4), std::span(y).subspan(n, 1)).loss;
    training.read_gradient("0.weight", one);
    for (std::size_t k = 0; k < 12; ++k) sum[k] += one[k] / 3;
  }
  CHECK(std::abs(loss / losses - 1) < 1e-14);
  CHECK(relative_error(together, sum) < 1e-13);
}

TEST_CASE("a network without parameters has a loss and takes steps", "[training]") {
  Model<Sequential<Input<3>, Tanh>, Cpu, double> model;
  Training training{model, {.capacity = 2}};
  const std::vector<double> x{0, 0, 0, 0, 0, 0};
  const std::vector<std::int32_t> y{0, 2};
  CHECK(std::abs(training.step(x, y, SGD{}).mean_loss() - std::log(3.0)) < 1e-15);
}

TEST_CASE("what training cannot do is refused, with what was found and expected", "[training]") {
  setup<Cpu> s;
  const auto step = [&](std::size_t values, std::vector<std::int32_t> given) {
    const std::vector<double> x(values);
    s.training.step(x, given, SGD{});
  };
  constexpr std::size_t size = 2 * 11 * 9;
  CHECK(::refuses([&] { step(size, {5}); }, "label 5", "0 to 4"));
  CHECK(::refuses([&] { step(2 * size, {0, -1}); }, "label -1", "0 to 4"));
  CHECK(::refuses([&] { step(5 * size, {0, 1, 2, 3, 4}); }, "5 samples", "1 to 4"));
  CHECK(::refuses([&] { step(0, {}); }, "0 samples", "1 to 4"));
  CHECK(::refuses([&] { step(size + 1, {0}); }, "199 values", "198"));
  CHECK(::refuses([&] { step(size, {0, 1}); }, "198 values for 2 labels", "396"));
  CHECK(s.training.steps() == 0);
  CHECK(::refuses([&] { Training(s.model, {.capacity = -1}); }, "capacity", "-1", "at least 1"));
  CHECK(::refuses([&] { Training(s.model, {.capacity = -3}); }, "capacity", "-3", "at least 1"));

  std::vector<double> values(71);
  CHECK(::refuses([&] { s.training.read_gradient("0.weight", values); }, "0.weight", "72", "71"));
  CHECK(::refuses([&] { s.training.write_state("momentum_buffer", "0.weight", values); }, "72",
                  "71"));
  CHECK(::refuses([&] { s.training.read_state("momentum_buffer", "1.weight", values); }, "1.weight",
                  "0.weight"));
}
