// BatchNorm: shapes, options, tensors, by hand, by finite differences, on every backend here.
#include <tnn/cpu.hpp>
#include <tnn/train/training.hpp>

#include "support/error_text.hpp"
#include "support/layer_fixture.hpp"

using namespace tnn;

namespace {

using image = Shape<3, 4, 5>;
static_assert(std::is_same_v<output_t<BatchNorm2d<>, image>, image>);
static_assert(std::is_same_v<output_t<BatchNorm1d<>, Shape<7>>, Shape<7>>);
static_assert(std::is_same_v<output_t<BatchNorm1d<>, Shape<7, 3>>, Shape<7, 3>>);

using Net = Sequential<Input<2, 3, 3>, Conv2d<3, Kernel<2>>, BatchNorm2d<>, ReLU, Flatten,
                       Named<"norm", BatchNorm1d<>>, Linear<4>>;
static_assert(parameter_count<Net> == 3 * 8 + 3 + 2 * 3 + 2 * 12 + 4 * 12 + 4);
static_assert(parameters_table<Net>[2].name == "1.weight" && !parameters_table<Net>[2].decays);
static_assert(buffers_table<Net>.size() == 4);
static_assert(buffers_table<Net>[1].name == "1.running_var" && buffers_table<Net>[1].start == 1);
static_assert(counters_table<Net>.size() == 2);
static_assert(counters_table<Net>[1] == "norm.num_batches_tracked");

using of_images = layer_case<BatchNorm2d<>, Shape<5, 3, 7>>;
using of_length =
    layer_case<BatchNorm1d<Eps<std::ratio<1, 8>>, Momentum<std::ratio<1, 3>>>, Shape<6, 9>>;
using of_features = layer_case<BatchNorm1d<Eps<std::ratio<1, 2>>>, Shape<4>>;

}  // namespace

TEST_CASE("BatchNorm by hand") {
  // Two samples of one channel: values 1, 2, 3, 6, of mean 3 and variance 3.5.
  using Case =
      layer_case<BatchNorm1d<Eps<std::ratio<1, 2>>, Momentum<std::ratio<1, 4>>>, Shape<1, 2>>;
  question q;
  q.batch = 2;
  q.x = {1, 2, 3, 6};
  q.dy = {1, 0, 0, 0};
  q.weight = {4};
  q.bias = {10};
  q.buffers = {{7}, {1}};
  const answer a = ask<Case, double>(Reference{}, q);
  CHECK(relative_error(a.y, std::vector<double>{6, 8, 10, 16}) < 1e-15);  // sqrt(3.5 + 0.5) = 2
  CHECK(relative_error(a.buffers,
                       std::vector<double>{7 + (3.0 - 7) / 4, 1 + (3.5 * 4 / 3 - 1) / 4}) < 1e-15);
  CHECK(relative_error(a.dbias, std::vector<double>{1}) < 1e-15);
  CHECK(relative_error(a.dweight, std::vector<double>{-1}) < 1e-15);
  // h is -1, -0.5, 0, 1.5: dx = 4/2 (dy - 1/4 + h/4)
  CHECK(relative_error(a.dx, std::vector<double>{1, -0.75, -0.5, 0.25}) < 1e-15);
  q.mode = mode::infer;
  q.buffers = {{2}, {3.5}};
  CHECK(relative_error(ask<Case, double>(Reference{}, q).y, std::vector<double>{8, 10, 12, 18}) <
        1e-15);
}

TEST_CASE("BatchNorm is PyTorch's, its running statistics too") {
  check_pytorch<of_images>("batchnorm2d");
  check_pytorch<of_length>("batchnorm1d/length");
  check_pytorch<of_features>("batchnorm1d/features");
}

TEST_CASE("BatchNorm on Cpu is Reference's") {
  check_cpu<of_images>();
  check_cpu<of_length>();
}

TEST_CASE("BatchNorm's gradients are the differences of its outputs") {
  check_gradients<layer_case<BatchNorm2d<>, Shape<2, 2, 3>>>(
      question_for<layer_case<BatchNorm2d<>, Shape<2, 2, 3>>>(2), 1e-7);
  check_gradients<layer_case<BatchNorm1d<>, Shape<3>>>(
      question_for<layer_case<BatchNorm1d<>, Shape<3>>>(5), 1e-7);
}

TEST_CASE("one value a channel has no variance, and is refused") {
  Model<Net, Reference> model{{}, {.capacity = 1}};
  Training training{model, {.capacity = 2}};
  const std::vector<float> x(2 * 18, 1.0f);
  const std::vector<std::int32_t> labels{1, 2};
  CHECK(::refuses([&] { training.step(std::span(x).first(18), std::span(labels).first(1), {}); },
                  "a step of 1 samples", "BatchNorm1d<> in training needs 2", "drop_last"));
  CHECK(training.steps() == 0);
  CHECK(model.counters()[0] == 0);

  // Also where it is the last micro-batch, before anything has moved.
  Training cut{model, {.capacity = 5, .micro_batch = 2}};
  const std::vector<float> five(5 * 18, 1.0f);
  const std::vector<std::int32_t> more{1, 2, 3, 0, 1};
  CHECK(::refuses([&] { cut.step(five, more, {}); }, "a step of 5 samples works on 1"));
  CHECK(model.counters()[0] == 0);
  CHECK(cut.step(std::span(five).first(4 * 18), std::span(more).first(4), {}).count == 4);
  CHECK(detail::least_samples(layers_t<Sequential<Input<3, 2, 2>, BatchNorm2d<>>>{}) == 1);
  CHECK(detail::least_samples(layers_t<Sequential<Input<3, 1, 1>, BatchNorm2d<>>>{}) == 2);
}

TEMPLATE_TEST_CASE("steps move the running statistics and count batches; a forward does neither",
                   "", Reference, Cpu) {
  using M = Model<Net, TestType>;
  M model{TestType{}, {.capacity = 4, .seed = 3}};
  Training training{model, {.capacity = 4, .seed = 4}};
  const auto x = formula_values<float>(1, 4 * 18);
  const std::vector<std::int32_t> labels{1, 2, 3, 0};
  const auto mean = [&] {
    std::vector<float> values(3);
    model.read("1.running_mean", values);
    return values;
  };
  CHECK(mean() == std::vector<float>(3, 0.0f));
  for (int step = 0; step < 3; ++step) training.step(x, labels, {.rate = 0.1});
  CHECK(mean() != std::vector<float>(3, 0.0f));
  CHECK((model.counters()[0] == 3 && model.counters()[1] == 3));
  const auto before = mean();
  std::vector<float> y(16);
  model.forward(x, y);
  CHECK(mean() == before);
  CHECK(model.counters()[0] == 3);
  model.initialise({}, 3);
  CHECK((model.counters()[0] == 0 && mean() == std::vector<float>(3, 0.0f)));
}
