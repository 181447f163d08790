// Training behind a frozen part.
#include <tnn/cpu.hpp>
#include <tnn/data/samples.hpp>
#include <tnn/io/checkpoint.hpp>
#include <tnn/reference.hpp>
#include <tnn/train/adam.hpp>
#include <tnn/train/outputs_of.hpp>
#include <tnn/train/trainer.hpp>
#include <tnn/train/training.hpp>

#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/temporary_folder.hpp"
#include "support/values.hpp"

using namespace tnn;

namespace {

// The body works otherwise in training: batch statistics, a mask.
using Body = Sequential<Conv2d<6, Kernel<3>>, BatchNorm2d<>, ReLU, MaxPool2d<Kernel<2>>,
                        Dropout<Percent<50>>, Flatten>;
using Whole = Sequential<Input<1, 12, 10>, Named<"body", Body>, Named<"head", Linear<4>>>;
using Tuned = Sequential<Input<1, 12, 10>, Frozen<Named<"body", Body>>, Named<"head", Linear<4>>>;
using BodyAlone = Sequential<Input<1, 12, 10>, Named<"body", Body>>;
using HeadAlone = Sequential<Input<6 * 5 * 4>, Named<"head", Linear<4>>>;

constexpr int batch = 7;

template <class M>
std::vector<float> values_of(const M& model, std::string_view name) {
  const bool is_buffer = detail::is_in(buffers_table<typename M::network>, name);
  const auto table =
      is_buffer ? buffers_table<typename M::network> : parameters_table<typename M::network>;
  std::vector<float> values(static_cast<std::size_t>(table[find_parameter(table, name)].size));
  model.read(name, values);
  return values;
}

/// Statistics as after a training, which are not 0 and 1.
template <class M>
void set_statistics(M& model) {
  model.write("body.1.running_mean", formula_values<float>(3, 6));
  std::vector<float> variance = formula_values<float>(4, 6);
  for (float& v : variance) v += 2;
  model.write("body.1.running_var", variance);
}

std::vector<float> images(std::uint32_t step) { return formula_values<float>(step, batch * 120); }
const std::vector<std::int32_t> labels{0, 1, 2, 3, 2, 1, 0};

}  // namespace

TEMPLATE_TEST_CASE("behind a frozen part the head is trained as on the outputs of the part", "",
                   Reference, Cpu, DirectCpu) {
  Model<Tuned, TestType> tuned{TestType{}, {.capacity = batch, .seed = 3}};
  Model<BodyAlone, TestType> body{TestType{}, {.capacity = batch, .seed = 3}};
  Model<HeadAlone, TestType> head{TestType{}, {.capacity = batch}};
  set_statistics(tuned);
  set_statistics(body);
  for (const char* name : {"body.0.weight", "body.0.bias"})
    REQUIRE(values_of(tuned, name) == values_of(body, name));
  for (const char* name : {"head.weight", "head.bias"}) head.write(name, values_of(tuned, name));
  Training whole{
      tuned, {.capacity = batch, .micro_batch = 3, .clip_norm = 0.1}, CrossEntropyLoss{}, Adam{}};
  Training alone{
      head, {.capacity = batch, .micro_batch = 3, .clip_norm = 0.1}, CrossEntropyLoss{}, Adam{}};
  for (std::uint32_t step = 0; step < 4; ++step) {
    const double a = whole.step(images(step), labels).loss;
    const double b = alone.step(body.forward(images(step)), labels).loss;
    CHECK(a == b);
    CHECK(whole.gradient_norm() == alone.gradient_norm());
  }
  for (const char* name : {"head.weight", "head.bias"})
    CHECK(values_of(tuned, name) == values_of(head, name));
}

TEMPLATE_TEST_CASE("a network in part frozen answers as it does where it is not", "", Reference,
                   Cpu, DirectCpu) {
  // The boundary lies where a backend does layers together in inference: a convolution, its norm, a
  // sum, a ReLU.
  const auto same = [&]<class A, class B>(const A*, const B*) {
    Model<A, TestType> whole{TestType{}, {.capacity = 3, .seed = 5}};
    Model<B, TestType> tuned{TestType{}, {.capacity = 3, .seed = 5}};
    const std::vector<float> x = formula_values<float>(1, 3 * Model<A, TestType>::input_size);
    CHECK(relative_error(whole.forward(x), tuned.forward(x)) < 1e-6);
  };
  using Conv = Conv2d<4, Kernel<3>, Padding<1>>;
  const Sequential<Input<4, 6, 6>, Conv, BatchNorm2d<>, ReLU, Flatten, Linear<4>>* plain = nullptr;
  same(plain, static_cast<const Sequential<Input<4, 6, 6>, Frozen<Conv>, BatchNorm2d<>, ReLU,
                                           Flatten, Linear<4>>*>(nullptr));
  same(plain, static_cast<const Sequential<Input<4, 6, 6>, Frozen<Conv>, Frozen<BatchNorm2d<>>,
                                           ReLU, Flatten, Linear<4>>*>(nullptr));
  const Sequential<Input<4, 6, 6>, Residual<Sequential<Conv, BatchNorm2d<>>>, ReLU, Flatten,
                   Linear<4>>* residual = nullptr;
  same(residual,
       static_cast<
           const Sequential<Input<4, 6, 6>, Residual<Sequential<Frozen<Conv>, BatchNorm2d<>>>, ReLU,
                            Flatten, Linear<4>>*>(nullptr));
  same(residual,
       static_cast<
           const Sequential<Input<4, 6, 6>, Residual<Frozen<Sequential<Conv, BatchNorm2d<>>>>, ReLU,
                            Flatten, Linear<4>>*>(nullptr));
}

TEST_CASE("what is all frozen is evaluated all the same") {
  using Net = Sequential<Input<1, 12, 10>, Frozen<Sequential<Flatten, Linear<4>>>>;
  const Model<Net, Cpu> model{Cpu{}, {.capacity = batch}};
  CHECK(evaluate(model, Samples({1, 12, 10}, images(0), labels)).count() == batch);
}

TEST_CASE("training leaves a frozen part's parameters, statistics and counters as they are") {
  Model<Tuned, Cpu> model{Cpu{}, {.capacity = batch, .seed = 3}};
  set_statistics(model);
  std::vector<std::vector<float>> before;
  for (const auto table : {parameters_table<Tuned>, buffers_table<Tuned>})
    for (const ParameterInfo& p : table) before.push_back(values_of(model, p.name));
  Training training{model};
  for (std::uint32_t step = 0; step < 3; ++step) training.step(images(step), labels);
  std::size_t at = 0;
  for (const auto table : {parameters_table<Tuned>, buffers_table<Tuned>})
    for (const ParameterInfo& p : table)
      CHECK((values_of(model, p.name) == before[at++]) == (p.name.substr(0, 4) != "head"));
  CHECK(model.counters()[0] == 0);
}

TEST_CASE("a frozen batch norm needs no more samples than one") {
  Model<Sequential<Input<4>, Frozen<BatchNorm1d<>>, Linear<2>>, Cpu> model;
  Training training{model};
  const std::vector<std::int32_t> label{1};
  CHECK(training.step(formula_values<float>(1, 4), label).count == 1);
  // One that is trained does, and is named, not the frozen one before it.
  Model<Sequential<Input<4>, Frozen<BatchNorm1d<Momentum<std::ratio<1, 5>>>>, BatchNorm1d<>,
                   Linear<2>>,
        Cpu>
      two;
  Training refused{two};
  CHECK(error_text([&] {
          refused.step(formula_values<float>(1, 4), label);
        }).find("but BatchNorm1d<> in training needs 2") != std::string::npos);
}

TEST_CASE("a frozen parameter has no gradient and no state to read") {
  Model<Tuned, Cpu> model{Cpu{}, {.capacity = batch}};
  Training training{model};
  training.gradients(images(0), labels);
  std::vector<float> values(54);
  for (const std::string& text :
       {error_text([&] { training.read_gradient("body.0.weight", values); }),
        error_text([&] { training.read_state("momentum_buffer", "body.0.weight", values); }),
        error_text([&] { training.write_state("momentum_buffer", "body.0.weight", values); })})
    CHECK(text ==
          "parameter \"body.0.weight\" is in a Frozen part: it has no gradient, and no "
          "optimizer's state");
}

TEST_CASE("a frozen network takes the whole one's weights, and its checkpoint goes on") {
  const temporary_folder folder;
  Model<Whole, Cpu> whole{Cpu{}, {.capacity = batch, .seed = 8}};
  set_statistics(whole);
  save(whole, folder / "whole.safetensors");
  Model<Tuned, Cpu> model{Cpu{}, {.capacity = batch, .seed = 1}};
  load(model, folder / "whole.safetensors", {.except = {"head"}});
  CHECK(values_of(model, "body.0.weight") == values_of(whole, "body.0.weight"));
  CHECK(values_of(model, "body.1.running_var") == values_of(whole, "body.1.running_var"));
  CHECK(values_of(model, "head.weight") != values_of(whole, "head.weight"));

  Training training{model};
  for (std::uint32_t step = 0; step < 2; ++step) training.step(images(step), labels);
  save_checkpoint(training, RunPosition{.step = 2}, {}, folder / "last.safetensors");
  const SafetensorsFile file(folder / "last.safetensors");
  const auto names = file.names();
  CHECK(std::count(names.begin(), names.end(), "optimizer.momentum_buffer.head.weight") == 1);
  CHECK(std::count(names.begin(), names.end(), "optimizer.momentum_buffer.body.0.weight") == 0);

  Model<Tuned, Cpu> again{Cpu{}, {.capacity = batch, .seed = 1}};
  Training resumed{again};
  load_checkpoint(resumed, file);
  for (std::uint32_t step = 2; step < 4; ++step)
    CHECK(resumed.step(images(step), labels).loss == training.step(images(step), labels).loss);
  CHECK(values_of(again, "head.weight") == values_of(model, "head.weight"));
  CHECK(values_of(again, "body.0.weight") == values_of(whole, "body.0.weight"));
}

TEST_CASE("outputs_of a frozen part are worked out once, and the head is trained on them") {
  constexpr int samples = 20;
  std::vector<std::int32_t> classes;
  for (int i = 0; i < samples; ++i) classes.push_back(i % 4);
  const Samples data({1, 12, 10}, formula_values<float>(1, samples * 120), classes);
  Model<Tuned, Cpu> tuned{Cpu{}, {.capacity = batch, .seed = 3}};
  Model<BodyAlone, Cpu> body{Cpu{}, {.capacity = batch, .seed = 3}};
  set_statistics(tuned);
  set_statistics(body);
  const Samples<float, std::int32_t> outputs = outputs_of(body, data);
  CHECK(outputs.size() == samples);
  CHECK(std::vector<int>(outputs.shape().begin(), outputs.shape().end()) == std::vector<int>{120});
  Draws none(0, random_stream::samples, 0);
  std::vector<float> x(120);
  std::vector<std::int32_t> label(1);
  for (int i = 0; i < samples; ++i) {
    data.write(i, none, std::span(x), std::span(label));
    const std::vector<float> y = body.forward(x);
    const std::span<const float> kept = outputs.values_of(i);
    CHECK(relative_error(std::vector<float>(kept.begin(), kept.end()), y) < 1e-6);
    CHECK(outputs.targets_of(i)[0] == i % 4);
  }

  Model<HeadAlone, Cpu> head{Cpu{}, {.capacity = batch, .seed = 3}};
  for (const char* name : {"head.weight", "head.bias"}) head.write(name, values_of(tuned, name));
  Training whole{tuned};
  Training alone{head};
  Trainer a{whole, data};
  Trainer b{alone, outputs};
  a.run(3);
  b.run(3);
  CHECK(relative_error(values_of(tuned, "head.weight"), values_of(head, "head.weight")) < 1e-6);
}

TEST_CASE("outputs_of samples of another shape than the Input is an error") {
  Model<BodyAlone, Cpu> body{Cpu{}, {}};
  const Samples data({2, 12, 10}, std::vector<float>(240), std::vector<std::int32_t>(1));
  CHECK(error_text([&] {
          static_cast<void>(outputs_of(body, data));
        }).starts_with("the samples are 2 x 12 x 10, the network's Input 1 x 12 x 10"));
}
