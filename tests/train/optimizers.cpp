// Optimizers beside PyTorch's, given equal gradients; and what a Training does with them.
#include <tnn/train/adam.hpp>
#include <tnn/train/averaged.hpp>
#include <tnn/train/rmsprop.hpp>
#include <tnn/train/training.hpp>

#include <tnn/cpu.hpp>
#include <tnn/reference.hpp>

#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/training_fixture.hpp"
#include "support/values.hpp"

using namespace tnn;

namespace {

/// The weights after each of 20 updates, against PyTorch's.
template <class T, class O>
void check_optimizer(const char* name, const O& optimizer, double clip_norm = 0) {
  INFO(name);
  const nlohmann::json& all = training_fixture().at("optimizers");
  auto w = all.at("start").get<std::vector<T>>();
  const auto n = static_cast<std::int64_t>(w.size());
  const double bound = sizeof(T) == 4 ? 1e-6 : 1e-12;
  std::array<std::vector<T>, detail::states_of<O>> states;
  for (auto& s : states) s.resize(w.size());
  for (std::size_t k = 0; k < 20; ++k) {
    const auto g = all.at("gradients").at(k).get<std::vector<T>>();
    const auto told = optimizer.template settings<T>(static_cast<std::int64_t>(k));
    double squares = 0;
    T clip = 0;
    detail::sum_squares<T>{g.data(), n, &squares}(0);
    detail::clip_factor<T>{&squares, 1, clip_norm, &clip}(0);
    detail::update_values<O, T> update{
        w.data(), g.data(), {}, &told, clip_norm > 0 ? &clip : nullptr, true, 1};
    for (std::size_t s = 0; s < states.size(); ++s) update.states[s] = states[s].data();
    for (std::int64_t i = 0; i < n; ++i) update(i);
    const auto expected = all.at("after").at(name).at(k).get<std::vector<double>>();
    CHECK(relative_error(w, expected) < bound);
  }
  if (clip_norm > 0) return;
  const nlohmann::json& remembered = all.at("states").at(name);
  for (std::size_t s = 0; s < states.size(); ++s) {
    const std::string state(O::state[s]);
    INFO(state);
    // Without momentum PyTorch's SGD and RMSprop remember none.
    if (!remembered.contains(state))
      CHECK(state == "momentum_buffer");
    else
      CHECK(relative_error(states[s], remembered.at(state).template get<std::vector<double>>()) <
            bound);
  }
}
template <class O>
void check_optimizer(const char* name, const O& optimizer, double clip_norm = 0) {
  check_optimizer<float>(name, optimizer, clip_norm);
  check_optimizer<double>(name, optimizer, clip_norm);
}

using Net = Sequential<Input<3>, Linear<4>, Tanh, BatchNorm1d<>, Linear<2>>;
constexpr int batch = 6;
const std::vector<std::int32_t> labels{0, 1, 1, 0, 1, 0};

template <class O>
struct setup {
  using M = Model<Net, Cpu, double>;
  explicit setup(O optimizer = {}, TrainingOptions options = {.capacity = batch})
      : training(model, options, {}, optimizer) {}
  std::vector<double> weights() const {
    return parameters([&](auto n, auto& to) { model.read(n, to); });
  }
  std::vector<double> gradients() const {
    return parameters([&](auto n, auto& to) { training.read_gradient(n, to); });
  }
  template <class Read>
  static std::vector<double> parameters(Read read) {
    std::vector<double> all;
    for (const ParameterInfo& p : parameters_table<Net>) {
      std::vector<double> values(static_cast<std::size_t>(p.size));
      read(p.name, values);
      all.insert(all.end(), values.begin(), values.end());
    }
    return all;
  }
  std::vector<double> x = formula_values(1, batch * 3);
  M model{Cpu{2}, {.capacity = batch, .seed = 1}};
  Training<M, CrossEntropyLoss, O> training;
};

}  // namespace

TEST_CASE("20 updates are PyTorch's, given equal gradients", "[optimizers]") {
  check_optimizer("SGD", SGD{.rate = 0.1, .weight_decay = 0.01});
  check_optimizer("SGD/nesterov", SGD{.rate = 0.1, .weight_decay = 0.01, .nesterov = true});
  check_optimizer("SGD/plain", SGD{.rate = 0.1, .momentum = 0});
  check_optimizer("Adam", Adam{.rate = 0.01});
  check_optimizer("Adam/decay", Adam{0.02, 0.8, 0.95, 1e-6, 0.1});
  check_optimizer("AdamW", AdamW{.rate = 0.02, .weight_decay = 0.1});
  check_optimizer("RMSprop", RMSprop{});
  check_optimizer("RMSprop/momentum", RMSprop{0.005, 0.9, 1e-6, 0.1, 0.9});
  check_optimizer("clipped", SGD{.rate = 0.1, .momentum = 0}, 2.5);
}

TEST_CASE("a step with Adam is its formula on the gradients, by the number of the step",
          "[optimizers]") {
  setup<Adam> s(Adam{.rate = 0.05});
  auto w = s.weights();
  std::vector<double> m(w.size()), v(w.size());
  for (int t = 1; t <= 4; ++t) {
    s.training.step(s.x, labels);
    const auto g = s.gradients();
    for (std::size_t i = 0; i < w.size(); ++i) {
      m[i] = 0.9 * m[i] + 0.1 * g[i];
      v[i] = 0.999 * v[i] + 0.001 * g[i] * g[i];
      w[i] -= 0.05 / (1 - std::pow(0.9, t)) * m[i] /
              (std::sqrt(v[i]) / std::sqrt(1 - std::pow(0.999, t)) + 1e-8);
    }
    CHECK(relative_error(s.weights(), w) < 1e-12);
  }
  std::vector<double> first(12);
  s.training.read_state("exp_avg", "0.weight", first);
  CHECK(relative_error(first, std::vector(m.begin(), m.begin() + 12)) < 1e-12);
  CHECK(::refuses([&] { s.training.read_state("momentum", "0.weight", first); }, "no \"momentum\"",
                  "exp_avg, exp_avg_sq"));
}

TEST_CASE("a rule says which parameters decay, and at what rate each is trained", "[optimizers]") {
  const SGD decays{.rate = 0.1, .momentum = 0, .weight_decay = 0.5};
  setup<SGD> plain(SGD{.rate = 0.1, .momentum = 0}), declared(decays),
      vectors(decays, {.capacity = batch, .rule = no_decay_of_vectors}),
      slow(decays, {.capacity = batch, .rule = [](const ParameterInfo&p) {
                      return TensorRule{false, p.layer == 0 ? 0.25 : 0};
                    }});
  const auto before = plain.weights();
  for (auto* s : {&plain, &declared, &vectors, &slow}) s->training.step(s->x, labels);
  const auto g = plain.gradients();
  std::size_t at = 0;
  for (const ParameterInfo& p : parameters_table<Net>)
    for (std::int64_t k = 0; k < p.size; ++k, ++at) {
      CAPTURE(p.name);
      const bool norm = p.layer == 2;
      const double decay = 0.1 * 0.5 * before[at], step = 0.1 * g[at];
      const auto near = [&](const setup<SGD>& s, double expected) {
        return std::abs(s.weights()[at] - expected) < 1e-14;
      };
      CHECK(near(plain, before[at] - step));
      CHECK(near(declared, before[at] - step - (norm ? 0 : decay)));
      CHECK(near(vectors, before[at] - step - (p.shape.size() > 1 ? decay : 0)));
      CHECK(near(slow, before[at] - (p.layer == 0 ? 0.25 : 0) * step));
    }
}

TEST_CASE("gradients are clipped by the norm of all of them", "[optimizers]") {
  const SGD sgd{.rate = 1, .momentum = 0};
  setup<SGD> plain(sgd), clipped(sgd, {.capacity = batch, .clip_norm = 0.01}),
      loose(sgd, {.capacity = batch, .clip_norm = 1e3});
  const auto before = plain.weights();
  for (auto* s : {&plain, &clipped, &loose}) s->training.step(s->x, labels);
  const auto g = plain.gradients();
  double squares = 0;
  for (const double v : g) squares += v * v;
  const double norm = std::sqrt(squares);
  CHECK(std::abs(clipped.training.gradient_norm() / norm - 1) < 1e-12);
  CHECK(loose.weights() == plain.weights());
  const auto after = clipped.weights();
  for (std::size_t i = 0; i < g.size(); ++i)
    CHECK(std::abs(after[i] - (before[i] - g[i] * 0.01 / (norm + 1e-6))) < 1e-14);
  CHECK(::refuses([&] { plain.training.gradient_norm(); }, "clip_norm"));
}

TEST_CASE("a norm is summed over chunks, and is NaN where a gradient is", "[optimizers]") {
  std::vector<float> g(3 * detail::norm_chunk - 5);
  double squares = 0;
  for (std::size_t i = 0; i < g.size(); ++i) {
    g[i] = static_cast<float>(i % 7) - 2.5f;
    squares += static_cast<double>(g[i]) * static_cast<double>(g[i]);
  }
  std::vector<double> sums(3);
  float factor = 0;
  const auto clip = [&] {
    for (int chunk = 0; chunk < 3; ++chunk)
      detail::sum_squares<float>{g.data(), static_cast<std::int64_t>(g.size()), sums.data()}(chunk);
    detail::clip_factor<float>{sums.data(), 3, 2.0, &factor}(0);
  };
  clip();
  CHECK(std::abs(sums[0] / std::sqrt(squares) - 1) < 1e-13);
  CHECK(std::abs(static_cast<double>(factor) * std::sqrt(squares) / 2 - 1) < 1e-6);
  g.back() = NAN;
  clip();
  CHECK(std::isnan(factor));
  // A network without parameters has a norm too: 0.
  Model<Sequential<Input<3>, Tanh>, Cpu> model;
  Training training{model, {.capacity = 1, .clip_norm = 1}};
  training.step(std::vector<float>{1, 2, 3}, std::vector<std::int32_t>{1});
  CHECK(training.gradient_norm() == 0);
}

TEST_CASE("averaged weights are the moving average of the weights, and take their place",
          "[optimizers]") {
  setup<SGD> plain(SGD{.rate = 0.3});
  setup<Averaged<SGD>> s(Averaged<SGD>{.optimizer = {.rate = 0.3}, .decay = 0.75});
  CHECK(::refuses([&] { s.training.swap_averaged(); }, "before the first update"));
  std::vector<double> average;
  for (int k = 0; k < 4; ++k) {
    plain.training.step(plain.x, labels);
    s.training.step(s.x, labels);
    const auto w = plain.weights();
    CHECK(s.weights() == w);
    if (k == 0)
      average = w;
    else
      for (std::size_t i = 0; i < w.size(); ++i) average[i] = 0.75 * average[i] + 0.25 * w[i];
  }
  s.training.swap_averaged();
  CHECK(relative_error(s.weights(), average) < 1e-14);
  CHECK(s.training.averaged());
  CHECK(::refuses([&] { s.training.step(s.x, labels); }, "averaged weights", "swap_averaged()"));
  s.training.swap_averaged();
  CHECK(s.weights() == plain.weights());
}

TEST_CASE("micro-batches give the gradients of the whole batch, and equal ones equal bits",
          "[optimizers]") {
  // No BatchNorm: its statistics are each micro-batch's.
  using Plain = Sequential<Input<3>, Linear<8>, Tanh, Dropout<Percent<30>>, Linear<2>>;
  using M = Model<Plain, Cpu, double>;
  static constexpr int most = 13;
  const auto x = formula_values(1, most * 3);
  std::vector<std::int32_t> y;
  for (int n = 0; n < most; ++n) y.push_back(n % 3 == 0);
  const auto trained = [&](int micro, int threads, int samples) {
    M model{Cpu{threads}, {.seed = 1}};
    Training training{model, {.capacity = most, .seed = 3, .micro_batch = micro}};
    std::vector<double> left;
    for (int step = 0; step < 3; ++step)
      left.push_back(training
                         .step(std::span(x).first(static_cast<std::size_t>(samples) * 3),
                               std::span(y).first(static_cast<std::size_t>(samples)),
                               SGD{.rate = 0.5})
                         .loss);
    std::vector<double> w(24);
    model.read("0.weight", w);
    left.insert(left.end(), w.begin(), w.end());
    return left;
  };
  const auto whole = trained(0, 1, most), part = trained(0, 1, 7);
  CHECK(trained(most, 1, most) == whole);
  for (const int micro : {1, 2, 3, 4, 5, 12}) {
    CAPTURE(micro);
    const auto cut = trained(micro, 1, most);
    CHECK(relative_error(cut, whole) < 1e-14);
    CHECK(trained(micro, 3, most) == cut);
    CHECK(relative_error(trained(micro, 2, 7), part) < 1e-14);
  }
  // The tree, by hand: ((0 + 1) + (2 + 3)) + (4 + 5), the last of a single sample.
  const auto gradient = [&](int first, int n, int micro) {
    // No Dropout, and a loss whose scale is 1.
    using Tree = Model<Sequential<Input<3>, Linear<8>, Tanh, Linear<2>>, Cpu, double>;
    Tree model{Cpu{1}, {.seed = 1}};
    Training training{
        model, {.capacity = n, .micro_batch = micro}, CrossEntropyLoss{.reduce = Reduction::sum}};
    const auto at = static_cast<std::size_t>(first), count = static_cast<std::size_t>(n);
    training.gradients(std::span(x).subspan(at * 3, count * 3), std::span(y).subspan(at, count));
    std::vector<double> g(24);
    training.read_gradient("0.weight", g);
    return g;
  };
  const auto sum = [](std::vector<double> a, const std::vector<double>& b) {
    for (std::size_t i = 0; i < a.size(); ++i) a[i] += b[i];
    return a;
  };
  const auto leaf = [&](int m) { return gradient(2 * m, m == 5 ? 1 : 2, 0); };
  const auto tree = sum(sum(sum(leaf(0), leaf(1)), sum(leaf(2), leaf(3))), sum(leaf(4), leaf(5)));
  CHECK(gradient(0, 11, 2) == tree);
  CHECK(gradient(0, 6, 2) == sum(sum(leaf(0), leaf(1)), leaf(2)));
  auto in_a_row = leaf(0);
  for (int m = 1; m < 6; ++m) in_a_row = sum(in_a_row, leaf(m));
  CHECK(in_a_row != tree);
  for (const int micros : {1, 2, 3, 4, 5, 8, 9}) {
    int most_waiting = 0, waiting = 0;
    for (int m = 0; m < micros; ++m) {
      most_waiting = std::max(most_waiting, waiting + 1);
      ++waiting;
      for (int odd = m; odd % 2 == 1; odd /= 2) --waiting;
    }
    CHECK(detail::gradient_arenas(micros) >= most_waiting);
  }
  CHECK(detail::gradient_arenas(1) == 1);
  CHECK(detail::gradient_arenas(4) == 3);
  constexpr auto all = training_bytes<Plain, Cpu>({.capacity = 64}, 2),
                 cut = training_bytes<Plain, Cpu>({.capacity = 64, .micro_batch = 8}, 2);
  STATIC_REQUIRE(cut.activations * 8 == all.activations);
  STATIC_REQUIRE(cut.gradients == 4 * all.gradients);
}

TEST_CASE("optimizers and options that make no sense are refused", "[optimizers]") {
  const auto made = [](auto optimizer, TrainingOptions options = {.capacity = 1}) {
    return [=] { setup<decltype(optimizer)> s(optimizer, options); };
  };
  CHECK(::refuses(made(SGD{.momentum = 1}), "the momentum is 1", "[0, 1)"));
  CHECK(::refuses(made(Adam{.beta2 = -0.5}), "the beta2 is -0.5"));
  CHECK(::refuses(made(Adam{.beta1 = NAN}), "the beta1 is nan"));
  CHECK(::refuses(made(Adam{.eps = 0}), "the eps is 0"));
  CHECK(::refuses(made(Adam{.rate = -1}), "learning rate is -1"));
  CHECK(::refuses(made(SGD{.momentum = 0, .nesterov = true}), "Nesterov"));
  CHECK(::refuses(made(AdamW{.weight_decay = -1}), "the weight decay is -1"));
  CHECK(::refuses(made(RMSprop{.alpha = 2}), "the alpha is 2"));
  struct unchecked : SGD {  // an optimizer need not check anything
    void check() = delete;
  };
  CHECK(error_text(made(Averaged<unchecked>{})) == "no error");
  CHECK(::refuses(made(Averaged<Adam>{.decay = 1}), "averaged weights is 1"));
  CHECK(::refuses(made(SGD{}, {.capacity = 1, .micro_batch = -1}), "micro-batch", "-1"));
  CHECK(::refuses(made(SGD{}, {.capacity = 1, .clip_norm = -1}), "-1", "more than 0"));
  CHECK(::refuses(made(SGD{}, {.capacity = 1, .clip_norm = NAN}), "nan", "more than 0"));
  CHECK(::refuses(made(SGD{}, {.capacity = 1, .rule = nullptr}), "rule"));
  CHECK(::refuses(made(SGD{}, {.capacity = 1,
                               .rule =
                                   [](const ParameterInfo&) {
                                     return TensorRule{true, -1};
                                   }}),
                  "0.weight", "-1"));
  setup<SGD> s;
  CHECK(::refuses([&] { s.training.step(s.x, labels, SGD{.rate = NAN}); }, "learning rate is nan"));
  CHECK(::refuses([&] { s.training.set_steps(-1); }, "-1 steps"));
}
