// Whole networks: training beside Reference in double, and AlexNet beside Cpu, which the other
// backends are compared with.
#include <tnn/alexnet.hpp>
#include <tnn/cpu.hpp>
#include <tnn/train/training.hpp>

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
  for (const parameter_info& p : parameters_table<Net>) {
    std::vector<T> values(static_cast<std::size_t>(p.size));
    model.read(p.name, values);
    for (const T v : values) left.parameters.push_back(static_cast<float>(v));
    training.read_momentum(p.name, values);
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
