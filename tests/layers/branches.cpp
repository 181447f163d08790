// The gradients of networks that branch, by finite differences in double; DirectCpu's, which the
// suite has not; and Cpu's are the same on any number of threads.
#include <tnn/cpu.hpp>
#include <tnn/reference.hpp>

#include "support/answers.hpp"
#include "support/branching_nets.hpp"
#include "support/catch.hpp"

using namespace tnn;

namespace {

/// A combinator of one's own, y = a - 2 b, and the layer that joins its branches.
struct Less : join_base<2> {};
template <class A, class B>
struct Difference {
  using branches = branch_list<A, B>;
  static constexpr bool take_numbers = true;
  template <class Y, class Z>
  static constexpr auto rule() {
    if constexpr (std::is_same_v<Y, Z>) {
      return joins<Less, Y>{};
    } else {
      return refuses_branch<1, fix::make_the_branches_the_same_shape<Y::extent(0)>>{};
    }
  }
};

template <class T>
struct less_forward {
  const T* a;
  const T* b;
  T* y;
  constexpr void operator()(std::int64_t i) const { y[i] = a[i] - 2 * b[i]; }
};
template <class T>
struct times {
  T factor;
  const T* from;
  T* to;
  constexpr void operator()(std::int64_t i) const { to[i] = factor * from[i]; }
};

}  // namespace

template <Backend B, class T, class X, class Y>
struct tnn::compute<B, T, bound<Less, X, Y>> : compute_base {
  static constexpr void forward(B& backend, const auto& p) {
    backend.for_each(p.batch * X::size, less_forward<T>{p.x, p.other[0], p.y});
  }
  static constexpr void backward(B& backend, const auto& p) {
    if (p.dx != nullptr) backend.for_each(p.batch * X::size, times<T>{1, p.dy, p.dx});
    if (p.other_gradient[0] != nullptr)
      backend.for_each(p.batch * X::size, times<T>{-2, p.dy, p.other_gradient[0]});
  }
};

namespace {

using own_net = Sequential<Input<6>, Linear<5>, Difference<Linear<5>, Sequential<ReLU, Linear<5>>>,
                           Difference<skip, Tanh>, Residual<Difference<skip, skip>>, Linear<3>>;
static_assert(parameters_table<own_net>[2].name == "1.0.weight");
static_assert(parameters_table<own_net>[4].name == "1.1.1.weight");

/// The mean loss where one value of a parameter is moved, and the gradient of that value.
template <class Net>
void check_differences() {
  constexpr int batch = 3;
  using M = Model<Net, Reference, double>;
  M model{Reference{}, {.capacity = batch, .seed = 3}};
  Training training{model, {.capacity = batch, .seed = 4}};
  const auto x = formula_values<double>(1, batch * M::input_size);
  const std::vector<std::int32_t> labels{0, 1, 2};
  for (const ParameterInfo& p : parameters_table<Net>) {
    std::vector<double> values(static_cast<std::size_t>(p.size)), gradient = values;
    model.read(p.name, values);
    training.gradients(x, labels);
    training.read_gradient(p.name, gradient);
    for (std::size_t i = 0; i < values.size(); i += 1 + values.size() / 5) {
      INFO(p.name << " " << i);
      constexpr double h = 1e-5;
      const auto loss_at = [&](double v) {
        std::vector<double> moved = values;
        moved[i] = v;
        model.write(p.name, moved);
        return training.gradients(x, labels).mean_loss();
      };
      const double difference = (loss_at(values[i] + h) - loss_at(values[i] - h)) / (2 * h);
      CHECK(std::abs(gradient[i] - difference) < 1e-7);
    }
    model.write(p.name, values);
  }
}

}  // namespace

TEST_CASE("gradients of residual blocks") { check_differences<residual_net>(); }
TEST_CASE("gradients of branches in branches") { check_differences<nested_net>(); }
TEST_CASE("gradients of gates") { check_differences<gated_net>(); }

TEST_CASE("gradients of a combinator of one's own") {
  check_differences<own_net>();
  const auto expected = answers<own_net, double>(Reference{}, 3);
  CHECK(relative_error(answers<own_net, double>(Cpu{}, 3), expected) < 1e-12);
}

TEMPLATE_TEST_CASE(
    "networks that branch are Reference's where convolutions are by the formula alone", "",
    residual_net, nested_net, normed_net, gated_net) {
  const auto expected = answers<TestType, double>(Reference{}, 3);
  CHECK(relative_error(answers<TestType, float>(DirectCpu{}, 3), expected) < 2e-5);
}

TEST_CASE("networks that branch give the same bits on any number of threads") {
  for (const int batch : {3, 33}) {
    const auto one = answers<residual_net, float>(Cpu{.threads = 1}, batch);
    CHECK(answers<residual_net, float>(Cpu{.threads = 3}, batch) == one);
    CHECK(answers<gated_net, float>(Cpu{.threads = 2}, batch) ==
          answers<gated_net, float>(Cpu{.threads = 1}, batch));
    CHECK(answers<nested_net, float>(Cpu{.threads = 3}, batch) ==
          answers<nested_net, float>(Cpu{.threads = 1}, batch));
    CHECK(answers<normed_net, float>(Cpu{.threads = 3}, batch) ==
          answers<normed_net, float>(Cpu{.threads = 1}, batch));
  }
}
