// Losses beside PyTorch's (tests/fixtures/training.json, made by generate_training.py), and what a
// Training with each of them refuses.
#include <tnn/train/cross_entropy.hpp>
#include <tnn/train/training.hpp>
#include <tnn/train/value_losses.hpp>

#include <tnn/cpu.hpp>

#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/training_fixture.hpp"
#include "support/values.hpp"

using namespace tnn;

namespace {

/// What a Training finds of the outputs themselves: the network hands its input on.
template <class T, class L, int... Extents>
void check_loss(const char* name, const L& loss, Shape<Extents...>) {
  INFO(name);
  using M = Model<Sequential<Input<Extents...>, Identity>, Cpu, T>;
  const nlohmann::json& wanted = training_fixture().at("losses").at(name);
  const auto y = wanted.at("y").get<std::vector<T>>();
  using target = typename Training<M, L>::target;
  const auto targets = wanted.at("target").get<std::vector<target>>();
  const int batch = wanted.at("shape").at(0);

  // Its judge on the outputs as they are, sample by sample.
  using how = detail::judging<L, T, Shape<Extents...>>;
  std::vector<T> gradient(y.size(), T{99}), constants;
  for (const double c : detail::constants_of(loss)) constants.push_back(static_cast<T>(c));
  std::vector<loss_sum<T>> found(static_cast<std::size_t>(batch * how::pieces));
  const double weight = detail::weight_of(loss, std::span<const target>(targets));
  const bool sum = detail::reduction_of(loss) == Reduction::sum;
  const T scale = sum ? T{1} : static_cast<T>(1 / weight);
  const detail::judge<L, T, Shape<Extents...>> judge{
      detail::math_of<T>(loss, static_cast<const T*>(constants.data())),
      y.data(),
      targets.data(),
      gradient.data(),
      found.data(),
      &scale};
  for (std::int64_t i = 0; i < batch * how::pieces; ++i) judge(i);
  double total = 0;
  for (const loss_sum<T>& piece : found) total += static_cast<double>(piece.loss);
  const double expected = wanted.at("loss"), bound = sizeof(T) == 4 ? 1e-6 : 1e-12;
  CHECK(std::abs((sum ? total : total / weight) / expected - 1) < bound);
  CHECK(relative_error(gradient, wanted.at("gradient").get<std::vector<double>>()) < bound);

  // And by a Training: the same sum.
  M model{Cpu{1}, {.capacity = batch}};
  Training<M, L> training{model, {.capacity = batch}, loss};
  const BatchResult r = training.gradients(y, targets);
  CHECK(std::abs(r.loss / total - 1) < bound);
  CHECK(r.weight == weight);
  CHECK(r.count == batch);

  // The scale of its gradients: a Linear's bias has the sum of them, where outputs are a vector.
  if constexpr (sizeof...(Extents) == 1) {
    constexpr int n = Shape<Extents...>::size;
    Model<Sequential<Input<n>, Linear<n>>, Cpu, T> same{Cpu{1}, {.capacity = batch}};
    constexpr auto width = static_cast<std::size_t>(n);
    std::vector<T> identity(width * width), none(width), sums(width);
    for (std::size_t k = 0; k < width; ++k) identity[k * (width + 1)] = 1;
    same.write("0.weight", identity);
    same.write("0.bias", none);
    Training<decltype(same), L> by_bias{same, {.capacity = batch}, loss};
    by_bias.gradients(y, targets);
    by_bias.read_gradient("0.bias", sums);
    std::vector<double> bias(width);
    for (std::size_t k = 0; k < y.size(); ++k)
      bias[k % width] += wanted.at("gradient").at(k).template get<double>();
    CHECK(relative_error(sums, bias) < 10 * bound);
  }
}
template <class L, class Y>
void check_loss(const char* name, const L& loss, Y) {
  check_loss<float>(name, loss, Y{});
  check_loss<double>(name, loss, Y{});
}

}  // namespace

TEST_CASE("cross-entropy is PyTorch's: smoothing, weights of classes, pixels, ignored labels",
          "[losses]") {
  const std::vector<double> weights{0.5, 2, 1, 0.25, 3};
  using vector = Shape<5>;
  using pixels = Shape<4, 3, 5>;
  check_loss("cross-entropy", CrossEntropyLoss{}, vector{});
  check_loss("cross-entropy/sum", CrossEntropyLoss{.reduce = Reduction::sum}, vector{});
  check_loss("cross-entropy/smoothed", CrossEntropyLoss{.label_smoothing = 0.1}, vector{});
  check_loss("cross-entropy/weighted", CrossEntropyLoss{.class_weights = weights}, vector{});
  check_loss("cross-entropy/both",
             CrossEntropyLoss{.label_smoothing = 0.2, .class_weights = weights}, vector{});
  check_loss("cross-entropy/pixels", CrossEntropyLoss{.label_smoothing = 0.1}, pixels{});
  check_loss("cross-entropy/ignored", CrossEntropyLoss{.class_weights = {0.5, 2, 1, 0.25}},
             pixels{});
}

TEST_CASE("losses of values are PyTorch's", "[losses]") {
  using vector = Shape<3>;
  check_loss("mse", MSELoss{}, vector{});
  check_loss("mse/sum", MSELoss{Reduction::sum}, vector{});
  check_loss("l1", L1Loss{}, vector{});
  check_loss("huber", HuberLoss{}, vector{});
  check_loss("huber/2.5", HuberLoss{.delta = 2.5}, vector{});
  check_loss("bce", BCEWithLogitsLoss{}, vector{});
  check_loss("bce/shares", BCEWithLogitsLoss{}, vector{});
  check_loss("bce/weighted", BCEWithLogitsLoss{.pos_weight = 3}, vector{});
}

TEST_CASE("a loss of large and small logits neither overflows nor loses its digits", "[losses]") {
  const auto bce = detail::math_of<float>(BCEWithLogitsLoss{}, nullptr);
  CHECK(bce(1e30f, 1).loss == 0);
  CHECK(bce(-1e30f, 1).loss == 1e30f);
  CHECK(bce(-1e30f, 0).loss == 0);
  CHECK(std::abs(bce(20, 1).loss / 2.0611536e-9f - 1) < 1e-6f);
  CHECK(std::abs(bce(-20, 0).derivative / 2.0611536e-9f - 1) < 1e-6f);
  const auto huber = detail::math_of<double>(HuberLoss{.delta = 2}, nullptr);
  CHECK(huber(5, 3).loss == 2);  // where its two pieces meet
  CHECK(huber(6, 3).loss == 4);
  CHECK(huber(0, 3).derivative == -2);
  CHECK(detail::math_of<double>(L1Loss{}, nullptr)(3, 3).derivative == 0);
}

TEST_CASE("a large sample is judged in pieces, in order", "[losses]") {
  using M = Model<Sequential<Input<3, 20, 11>, Identity>, Cpu, double>;  // 660 values: three pieces
  STATIC_REQUIRE(detail::judging<MSELoss, double, Shape<3, 20, 11>>::pieces == 3);
  const auto x = formula_values(1, 2 * 660), t = formula_values(2, 2 * 660);
  double expected = 0;
  for (std::size_t i = 0; i < x.size(); ++i) expected += (x[i] - t[i]) * (x[i] - t[i]);
  for (const int threads : {1, 3}) {
    M model{Cpu{threads}, {.capacity = 2}};
    Training training{model, {.capacity = 2}, MSELoss{}};
    const BatchResult r = training.gradients(x, t);
    CHECK(std::abs(r.loss / expected - 1) < 1e-13);
    CHECK(r.weight == 2 * 660);
    CHECK(r.labels == 0);
    CHECK(std::isnan(r.accuracy()));
  }
}

TEST_CASE("targets that make no sense are refused, with what was found and expected", "[losses]") {
  using M = Model<Sequential<Input<4>, Linear<3>>, Cpu, double>;
  M model;
  const std::vector<double> x(8);
  Training mse{model, {.capacity = 2}, MSELoss{}};
  const auto targets = [&](auto& training, std::vector<double> t) {
    return [&training, &x, t] { training.step(x, t); };
  };
  CHECK(::refuses(targets(mse, {0, 1, 2, 3, 4}), "5 targets", "a sample has 3"));
  CHECK(::refuses(targets(mse, {0, 1, 2}), "8 values for 3 targets", "4 are expected"));
  CHECK(::refuses(targets(mse, {0, 1, 2, 3, 4, NAN}), "target", "nan", "finite"));
  CHECK_FALSE(::refuses(targets(mse, {0, 1, 2, 3, 4, 5})));
  Training bce{model, {.capacity = 2}, BCEWithLogitsLoss{}};
  CHECK(::refuses(targets(bce, {0, 1, 0, 1, 0, 1.5}), "1.5", "0 to 1"));
  const auto with = [&](auto loss) {
    return [&, loss] { Training(model, {.capacity = 1}, loss); };
  };
  CHECK(::refuses(with(CrossEntropyLoss{.label_smoothing = 1.5}), "label smoothing is 1.5"));
  CHECK(::refuses(with(CrossEntropyLoss{.class_weights = {1, 2}}), "2 class weights", "3 classes"));
  CHECK(::refuses(with(CrossEntropyLoss{.class_weights = {1, -2, 1}}), "class weight is -2"));
  CHECK(::refuses(with(HuberLoss{.delta = 0}), "delta is 0"));
  CHECK(::refuses(with(BCEWithLogitsLoss{.pos_weight = -1}), "pos_weight is -1"));
  Training labels{model, {.capacity = 2}};
  CHECK(::refuses([&] { labels.step(x, std::vector<std::int32_t>{-100, -100}); }, "no label"));
  const BatchResult one = labels.gradients(x, std::vector<std::int32_t>{-100, 2});
  CHECK(one.labels == 1);
  CHECK(one.weight == 1);
}
