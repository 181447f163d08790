// Weights as safetensors: round trips by name, and a refusal for every way in which a file is not
// this network's, after which the model is as it was.
#include <tnn/io/weights.hpp>

#include <cmath>
#include <limits>

#include <tnn/reference.hpp>
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/small_run.hpp"
#include "support/temporary_folder.hpp"

namespace {

template <class T = float>
using model_of = tnn::Model<small_net, tnn::Reference, T>;

template <class T>
std::vector<T> weights(const model_of<T>& model) {
  std::vector<T> all;
  for (const tnn::ParameterInfo& p : tnn::parameters_table<small_net>) {
    std::vector<T> values(static_cast<std::size_t>(p.size));
    model.read(p.name, values);
    all.insert(all.end(), values.begin(), values.end());
  }
  return all;
}

// The network's tensors, each counting up from its own number.
std::vector<tnn::TensorSource> tensors() {
  std::vector<tnn::TensorSource> all;
  for (const tnn::ParameterInfo& p : tnn::parameters_table<small_net>) {
    const float first = static_cast<float>(all.size()) * 10'000;
    all.push_back(
        {std::string(p.name), {p.shape.begin(), p.shape.end()}, [first](std::span<float> values) {
           for (std::size_t i = 0; i < values.size(); ++i)
             values[i] = first + static_cast<float>(i);
         }});
  }
  return all;
}

// Does loading this file fail with all of the words, and leave the model as it was?
template <class... Words>
bool load_refused(const std::filesystem::path& file, const Words&... words) {
  model_of<> model({}, {.seed = 1});
  const std::vector<float> before = weights(model);
  const bool refused = refuses([&] { tnn::load(model, file); }, file.string(), words...);
  return refused && weights(model) == before;
}

}  // namespace

TEST_CASE("a net for another task takes all but its last layer") {
  using features =
      tnn::Sequential<tnn::Conv2d<3, tnn::Kernel<3>>, tnn::BatchNorm2d<>, tnn::ReLU, tnn::Flatten>;
  using first = tnn::Sequential<tnn::Input<1, 5, 5>, tnn::Named<"features", features>,
                                tnn::Linear<4>, tnn::ReLU, tnn::Linear<6>>;
  using second = tnn::Sequential<tnn::Input<1, 5, 5>, tnn::Named<"features", features>,
                                 tnn::Linear<4>, tnn::ReLU, tnn::Linear<2>>;
  const temporary_folder folder;
  tnn::Model<first, tnn::Reference> from({}, {.seed = 1});
  from.counters()[0] = 9;
  tnn::save(from, folder / "first");
  tnn::Model<second, tnn::Reference> to({}, {.seed = 2});
  const auto all_of = [](const auto& model, const char* name, std::size_t size) {
    std::vector<float> values(size);
    model.read(name, values);
    return values;
  };
  const std::vector<float> fresh = all_of(to, "3.weight", 8);
  CHECK(refuses([&] { tnn::load(to, folder / "first"); }, "\"3.weight\" has the shape [6, 4]"));
  tnn::load(to, folder / "first", {.except = {"3"}});
  CHECK(all_of(to, "3.weight", 8) == fresh);
  CHECK(all_of(to, "1.weight", 108) == all_of(from, "1.weight", 108));
  CHECK(all_of(to, "features.0.weight", 27) == all_of(from, "features.0.weight", 27));
  CHECK(to.counters()[0] == 9);

  // A whole part, its buffers and counters with it; a file may lack what is left out.
  tnn::Model<second, tnn::Reference> other({}, {.seed = 3});
  const std::vector<float> filters = all_of(other, "features.0.weight", 27);
  tnn::load(other, folder / "first", {.except = {"3", "features"}});
  CHECK(all_of(other, "features.0.weight", 27) == filters);
  CHECK(other.counters()[0] == 0);
  CHECK(all_of(other, "1.bias", 4) == all_of(from, "1.bias", 4));

  tnn::load(other, folder / "first", {.except = {"3.weight", "3.bias", "features.0.weight"}});
  CHECK(all_of(other, "features.0.weight", 27) == filters);
  for (const char* nothing : {"2", "feature", "features.", "3.weights", ""})
    CHECK(refuses(
        [&] {
          tnn::load(other, folder / "first", {.except = {"3", nothing}});
        },
        "no layer or tensor of this network is called", "the last tensor is \"3.bias\""));
}

TEST_CASE("what a model saves, another loads, bit for bit") {
  const temporary_folder folder;
  const model_of<> model({}, {.seed = 7});
  tnn::save(model, folder / "a");
  model_of<> other({}, {.initialise = tnn::zero_initialisation});
  tnn::load(other, folder / "a");
  CHECK(weights(other) == weights(model));
  tnn::save(other, folder / "b");
  CHECK((folder.read("a") == folder.read("b")));
  CHECK(folder.size() == 2);
}

TEST_CASE("the file has PyTorch's names and shapes, and nothing else") {
  const temporary_folder folder;
  tnn::save(model_of<>({}, {.seed = 7}), folder / "a");
  const tnn::SafetensorsFile file(folder / "a");
  CHECK(file.names() ==
        std::vector<std::string>{"0.weight", "0.bias", "4.weight", "4.bias", "7.weight", "7.bias"});
  CHECK(file.metadata().empty());
  CHECK(file.info("0.weight").shape == std::vector<std::int64_t>{6, 1, 3, 3});
  CHECK(file.info("4.weight").shape == std::vector<std::int64_t>{24, 150});
  CHECK(file.info("7.bias").shape == std::vector<std::int64_t>{4});
  CHECK(file.info("7.bias").dtype == "F32");
}

TEST_CASE("tensors are found by name, in any order") {
  const temporary_folder folder;
  std::vector<tnn::TensorSource> all = tensors();
  std::reverse(all.begin(), all.end());
  tnn::write_safetensors(folder / "a", all, {{"format", "pt"}});
  model_of<> model;
  tnn::load(model, folder / "a");
  std::vector<float> bias(4);
  model.read("7.bias", bias);
  CHECK(bias == std::vector<float>{50'000, 50'001, 50'002, 50'003});
}

TEST_CASE("a model in double saves and loads float32") {
  const temporary_folder folder;
  const model_of<double> wide({}, {.seed = 7});
  tnn::save(wide, folder / "a");
  model_of<float> narrow;
  tnn::load(narrow, folder / "a");
  model_of<double> again;
  tnn::load(again, folder / "a");
  const auto original = weights(wide), back = weights(again);
  const auto floats = weights(narrow);
  for (std::size_t i = 0; i < original.size(); ++i) {
    CHECK(floats[i] == static_cast<float>(original[i]));
    CHECK(back[i] == static_cast<double>(floats[i]));
  }
}

TEST_CASE("a file of another network is refused") {
  const temporary_folder folder;
  auto all = tensors();
  all.pop_back();
  tnn::write_safetensors(folder / "missing", all);
  CHECK(load_refused(folder / "missing", "no tensor \"7.bias\"", "shape [4]"));

  all = tensors();
  all[0].shape = {6, 3, 1, 3};  // as many values
  tnn::write_safetensors(folder / "shape", all);
  CHECK(load_refused(folder / "shape", "\"0.weight\" has the shape [6, 3, 1, 3]",
                     "expected [6, 1, 3, 3]"));

  all = tensors();
  all[5].shape = {4, 1};
  tnn::write_safetensors(folder / "rank", all);
  CHECK(load_refused(folder / "rank", "\"7.bias\" has the shape [4, 1]", "expected [4]"));

  for (const char* name : {"9.weight", "optimizer.momentum_buffer.9.weight", "features.0.weight"}) {
    all = tensors();
    all.push_back({name, {1}, [](std::span<float>) {}});
    tnn::write_safetensors(folder / "extra", all);
    CHECK(load_refused(folder / "extra", name, "belongs to no parameter", "6 parameters"));
  }
}

TEST_CASE("numbers that are none are neither read nor written") {
  const temporary_folder folder;
  for (const float bad :
       {std::numeric_limits<float>::quiet_NaN(), -std::numeric_limits<float>::infinity()}) {
    auto all = tensors();
    all[4].fill = [bad](std::span<float> values) { values[17] = bad; };
    tnn::write_safetensors(folder / "bad", all);
    CHECK(load_refused(folder / "bad", "\"7.weight\" holds", "at element 17", "finite"));

    model_of<> model({}, {.seed = 1});
    tnn::save(model, folder / "good");
    const std::string before = folder.read("good");
    const std::vector<float> bias = {0, 0, bad, 0};
    model.write("7.bias", bias);
    CHECK(refuses([&] { tnn::save(model, folder / "good"); }, (folder / "good").string(),
                  "\"7.bias\" holds", "at element 2", "diverged"));
    CHECK((folder.read("good") == before));
    CHECK(folder.size() == 2);
  }
  model_of<double> wide({}, {.seed = 1});
  const std::vector<double> bias = {1e300, 0, 0, 0};  // no float
  wide.write("7.bias", bias);
  CHECK(refuses([&] { tnn::save(wide, folder / "wide"); }, "\"7.bias\" holds inf"));
}

TEST_CASE("what is cut short or is no such file is refused") {
  const temporary_folder folder;
  tnn::save(model_of<>({}, {.seed = 7}), folder / "whole");
  const std::string whole = folder.read("whole");
  for (const std::size_t bytes :
       {std::size_t{0}, std::size_t{5}, std::size_t{100}, whole.size() / 2, whole.size() - 1}) {
    folder.write("cut", whole.substr(0, bytes));
    CHECK(load_refused(folder / "cut"));
  }
  folder.write("more", whole + '\0');
  CHECK(load_refused(folder / "more"));
  folder.write("text", "this is a text, not a file of tensors");
  CHECK(load_refused(folder / "text"));
  CHECK(load_refused(folder / "missing", "No such file"));
  CHECK(load_refused(folder.path(), "folder"));
}
