// Whole networks: training beside Reference in double, and AlexNet beside Cpu, which the other
// backends are compared with.
#include <tnn/alexnet.hpp>
#include <tnn/cpu.hpp>
#include <tnn/train/adam.hpp>
#include <tnn/train/averaged.hpp>
#include <tnn/train/rmsprop.hpp>
#include <tnn/train/training.hpp>
#include <tnn/train/value_losses.hpp>

#include "suite/suite.hpp"
#include "support/alexnet_gradients.hpp"
#include "support/every_layer.hpp"

using namespace tnn;

namespace {

/// AlexNet's layers at an eighth of its widths.
using narrow_alexnet =
    Sequential<Input<1, 224, 224>, Conv2d<12, Kernel<11>, Stride<4>, Padding<1>>, ReLU,
               MaxPool2d<Kernel<3>, Stride<2>>, Conv2d<32, Kernel<5>, Padding<2>>, ReLU,
               MaxPool2d<Kernel<3>, Stride<2>>, Conv2d<48, Kernel<3>, Padding<1>>, ReLU,
               Conv2d<48, Kernel<3>, Padding<1>>, ReLU, Conv2d<32, Kernel<3>, Padding<1>>, ReLU,
               MaxPool2d<Kernel<3>, Stride<2>>, Flatten, Linear<512>, ReLU, Dropout<Percent<50>>,
               Linear<512>, ReLU, Dropout<Percent<50>>, Linear<10>>;

/// What a run leaves: the losses, and the logits, parameters and momentum at its end.
struct trained {
  std::vector<double> losses;
  std::vector<float> logits, parameters, momentum;
  friend bool operator==(const trained&, const trained&) = default;
};

template <class Net, class B, class T = float>
trained train(int capacity, int steps) {
  using M = Model<Net, B, T>;
  M model{B{}, {.capacity = capacity, .seed = 3}};
  Training training{model, {.capacity = capacity, .seed = 4}};
  trained left;
  for (int step = 0; step < steps; ++step) {
    // The next to last batch is a smaller one, as at the end of an epoch.
    const int batch = step == steps - 2 ? (capacity + 1) / 2 : capacity;
    const auto x = formula_values<T>(static_cast<std::uint32_t>(step), batch * M::input_size);
    std::vector<std::int32_t> labels;
    for (int n = 0; n < batch; ++n)
      labels.push_back((3 * n + step) % static_cast<int>(M::output_size));
    const SGD sgd{step < 3 ? 0.02 : 0.005, 0.9, 5e-4};
    left.losses.push_back(training.step(x, labels, sgd).loss);
  }
  std::vector<T> logits(static_cast<std::size_t>(capacity * M::output_size));
  model.forward(formula_values<T>(99, capacity * M::input_size), logits);
  left.logits = converted<float>(logits);
  for (const ParameterInfo& p : parameters_table<Net>) {
    std::vector<T> values(static_cast<std::size_t>(p.size));
    model.read(p.name, values);
    for (const T v : values) left.parameters.push_back(static_cast<float>(v));
    if (!p.trained) continue;
    training.read_state("momentum_buffer", p.name, values);
    for (const T v : values) left.momentum.push_back(static_cast<float>(v));
  }
  return left;
}

void check_equal(const trained& a, const trained& b, double bound) {
  CHECK(relative_error(a.losses, b.losses) < bound);
  CHECK(relative_error(a.logits, b.logits) < bound);
  CHECK(relative_error(a.parameters, b.parameters) < bound);
  CHECK(relative_error(a.momentum, b.momentum) < bound);
}

}  // namespace

TEMPLATE_TEST_CASE("suite: a network of every layer trains as Reference does", "[suite]",
                   TNN_SUITE_BACKENDS) {
  const trained ours = train<every_layer, TestType>(5, 6);
  check_equal(ours, train<every_layer, Reference, double>(5, 6), 1e-5);
  CHECK(train<every_layer, TestType>(5, 6) == ours);
}

TEMPLATE_TEST_CASE("suite: what is behind a frozen part trains as on Reference", "[suite]",
                   TNN_SUITE_BACKENDS) {
  // Frozen layers that training would do otherwise: statistics, a mask, winners that are saved.
  using Net = Sequential<
      Input<2, 12, 11>,
      Frozen<Sequential<Conv2d<6, Kernel<3>>, BatchNorm2d<>, ReLU, MaxPool2d<Kernel<2>>,
                        Residual<Sequential<Conv2d<6, Kernel<3>, Padding<1>>, BatchNorm2d<>>>, ReLU,
                        Dropout<Percent<50>>>>,
      Conv2d<5, Kernel<3>>, ReLU, Flatten, Frozen<Expect<Shape<5 * 3 * 2>>>, Linear<4>>;
  const trained ours = train<Net, TestType>(5, 6);
  check_equal(ours, train<Net, Reference, double>(5, 6), 1e-5);
  CHECK(train<Net, TestType>(5, 6) == ours);
}

namespace {

/// What a loss and an optimizer leave of a small network, in micro-batches, clipped.
template <class B, class T, class L, class O>
std::vector<double> trained_by(const L& loss, const O& optimizer) {
  using Net = Sequential<Input<2, 3, 3>, Conv2d<5, Kernel<3>, Padding<1>>, Tanh,
                         Conv2d<3, Kernel<2>>, Dropout<Percent<20>>>;  // 3 x 2 x 2
  using M = Model<Net, B, T>;
  M model{B{}, {.seed = 3}};
  const TrainingOptions how{.capacity = 7, .seed = 4, .micro_batch = 3, .clip_norm = 0.5};
  Training<M, L, O> training{model, how, loss, optimizer};
  using target = typename Training<M, L, O>::target;
  std::vector<double> left;
  for (int step = 0; step < 6; ++step) {
    const int batch = step == 3 ? 4 : 7;
    const auto x = formula_values<T>(static_cast<std::uint32_t>(step), batch * M::input_size);
    std::vector<target> t;
    const auto size = batch * Training<M, L, O>::targets_per_sample;
    if constexpr (LabelLoss<L>) {
      for (std::int64_t k = 0; k < size; ++k) t.push_back(static_cast<target>((k + step) % 3));
    } else {
      t = formula_values<T>(50, size);
    }
    left.push_back(training.step(x, t, optimizer).loss);
  }
  for (const ParameterInfo& p : parameters_table<Net>) {
    std::vector<T> values(static_cast<std::size_t>(p.size));
    model.read(p.name, values);
    left.insert(left.end(), values.begin(), values.end());
  }
  return left;
}

template <class B, class L, class O>
void check_trained(const char* name, const L& loss, const O& optimizer) {
  INFO(name);
  const auto ours = trained_by<B, float>(loss, optimizer);
  const auto theirs = trained_by<Reference, double>(loss, optimizer);
  const auto check = [&](std::size_t first, std::size_t count) {
    const auto of = [&](const std::vector<double>& all) {
      const auto at = all.begin() + static_cast<std::ptrdiff_t>(first);
      return std::vector(at, at + static_cast<std::ptrdiff_t>(count));
    };
    CHECK(relative_error(of(ours), of(theirs)) < 1e-4);
  };
  check(0, 6);                // the losses
  check(6, ours.size() - 6);  // the weights
  CHECK(trained_by<B, float>(loss, optimizer) == ours);
}

}  // namespace

TEMPLATE_TEST_CASE("suite: losses and optimizers are Reference's", "[suite]", TNN_SUITE_BACKENDS) {
  check_trained<TestType>("MSE, AdamW", MSELoss{}, AdamW{.rate = 0.02});
  check_trained<TestType>("Huber, RMSprop", HuberLoss{0.3},
                          RMSprop{.rate = 0.002, .momentum = 0.5});
  check_trained<TestType>("a class a pixel, SGD averaged",
                          CrossEntropyLoss{.label_smoothing = 0.1, .class_weights = {1, 2, 0.5}},
                          Averaged<SGD>{.optimizer = {.rate = 0.2, .nesterov = true}});
}

TEMPLATE_TEST_CASE("suite: five steps of a narrow AlexNet are Cpu's, and Cpu's are Reference's",
                   "[suite][slow]", TNN_SUITE_BACKENDS) {
  using other = std::conditional_t<std::is_same_v<TestType, Cpu>, Reference, Cpu>;
  check_equal(train<narrow_alexnet, TestType>(2, 5), train<narrow_alexnet, other>(2, 5), 1e-4);
}

TEMPLATE_TEST_CASE("suite: AlexNet's loss and gradients are Cpu's", "[suite][slow]",
                   TNN_SUITE_BACKENDS) {
  if constexpr (!std::is_same_v<TestType, Cpu>) {
    const alexnet_answer ours = alexnet_gradients(TestType{}, 1);
    const alexnet_answer theirs = alexnet_gradients(Cpu{}, 1);
    CHECK(std::abs(ours.loss / theirs.loss - 1) < 1e-5);
    for (std::size_t p = 0; p < theirs.gradients.size(); ++p) {
      INFO(parameters_table<AlexNet<>>[p].name);
      CHECK(relative_error(ours.gradients[p], theirs.gradients[p]) < 1e-4);
    }
  }
}
