// Frozen parts: names, arenas and the plan of memory.
#include <tnn/alexnet.hpp>
#include <tnn/cpu.hpp>
#include <tnn/resnet.hpp>
#include <tnn/train/adam.hpp>
#include <tnn/train/training.hpp>

#include "support/catch.hpp"

using namespace tnn;

namespace {

using Net = Sequential<Input<2, 8, 8>, Named<"stem", Conv2d<4, Kernel<3>>>,
                       Residual<Sequential<Conv2d<4, Kernel<3>, Padding<1>>, BatchNorm2d<>>>,
                       Flatten, Linear<3>>;
using Tuned =
    Sequential<Input<2, 8, 8>, Frozen<Named<"stem", Conv2d<4, Kernel<3>>>>,
               Frozen<Residual<Sequential<Conv2d<4, Kernel<3>, Padding<1>>, BatchNorm2d<>>>>,
               Flatten, Linear<3>>;

template <class A, class B>
bool same_names() {
  const auto a = parameters_table<A>, b = parameters_table<B>;
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const ParameterInfo& p, const ParameterInfo& q) {
                      return p.name == q.name && p.size == q.size;
                    });
}

}  // namespace

// What is trained lies first, whatever its place in the table: its arena is that of gradients.
static_assert(parameters_table<Tuned>[0].name == "stem.weight");
static_assert(parameters_table<Tuned>[6].name == "3.weight" &&
              parameters_table<Tuned>[6].offset == 0);
static_assert(parameters_table<Tuned>[0].offset == detail::trained_arena<Tuned>);
static_assert(trained_parameters<Tuned>.size() == 2);
static_assert(trained_parameters<Tuned>[1].name == "3.bias");
static_assert(detail::parameter_arena<Tuned> == detail::parameter_arena<Net>);
static_assert(detail::trained_arena<Tuned> == 3 * 144 + 16);
static_assert(parameter_count<Tuned> == parameter_count<Net>);
static_assert(!detail::counting<Tuned>[0] && detail::counting<Net>[0]);

// A check in a frozen part takes no number.
static_assert(parameters_table<Sequential<Input<4>, Frozen<Expect<Shape<4>>>, Linear<2>>>[0].name ==
              "0.weight");

TEST_CASE("Frozen changes no name: nested, named, without a level, in branches") {
  CHECK(same_names<Net, Tuned>());
  CHECK(same_names<Sequential<Input<3>, Sequential<Linear<4>, ReLU>, Linear<2>>,
                   Sequential<Input<3>, Frozen<Sequential<Linear<4>, ReLU>>, Linear<2>>>());
  CHECK(same_names<Sequential<Input<3>, Linear<4>, Unnamed<Sequential<Linear<4>, ReLU>>, Linear<2>>,
                   Sequential<Input<3>, Frozen<Linear<4>>,
                              Unnamed<Frozen<Sequential<Linear<4>, ReLU>>>, Linear<2>>>());
  CHECK(same_names<Sequential<Input<3>, Concat<Linear<4>, Linear<2>>, Linear<2>>,
                   Sequential<Input<3>, Concat<Frozen<Linear<4>>, Linear<2>>, Linear<2>>>());
}

TEST_CASE("FreezeFirst leaves names, and the rest to be trained") {
  using Head = FreezeFirst<AlexNet<3>, 20>;
  static_assert(std::is_same_v<output_t<Head>, Shape<3>>);
  CHECK(same_names<AlexNet<3>, Head>());
  REQUIRE(trained_parameters<Head>.size() == 2);
  CHECK(trained_parameters<Head>[0].name == "20.weight");
  using Classifier = FreezeFirst<TorchvisionAlexNet<7>, 1>;  // features
  CHECK(same_names<TorchvisionAlexNet<7>, Classifier>());
  CHECK(trained_parameters<Classifier>[0].name == "classifier.1.weight");
}

TEST_CASE("a frozen part takes no bytes of gradients, optimizer and saved activations") {
  using Head = FreezeFirst<AlexNet<>, 20>;
  constexpr std::int64_t last = 4096 * 10 + 16;  // 10 biases, padded to a cache line
  constexpr int batch = 128;
  constexpr MemoryBytes all = training_bytes<AlexNet<>, Cpu>({.capacity = batch}, 2);
  constexpr MemoryBytes head = training_bytes<Head, Cpu>({.capacity = batch}, 2);
  CHECK(head.parameters == all.parameters);
  CHECK(head.gradients == 4 * last);
  CHECK(head.optimizer == 4 * last);
  CHECK(
      training_bytes<Head, Cpu, float, CrossEntropyLoss, Adam>({.capacity = batch}, 2).optimizer ==
      2 * 4 * last);
  // Values are those of inference, and two more: the gradient of what it makes, and at most that
  // of what it reads.
  const MemoryBytes inference = bytes_of<AlexNet<>, Cpu>(batch, mode::infer, 2);
  CHECK(head.activations <= inference.activations + batch * 4 * (16 + 4096));
  CHECK(head.activations < all.activations / 2);
  CHECK(head.saved < all.saved / 10);
}

TEST_CASE("the summary says how much is frozen") {
  const std::int64_t frozen = parameter_count<Tuned> - 3 * 144 - 3;
  CHECK(summary<Tuned>().find("\n" + std::to_string(frozen) + " parameters are frozen\n") !=
        std::string::npos);
  CHECK(summary<Net>().find("frozen") == std::string::npos);
}
