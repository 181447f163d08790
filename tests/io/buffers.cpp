// What is saved besides parameters: buffers as floats, counters as integers, by PyTorch's names.
#include <tnn/io/checkpoint.hpp>
#include <tnn/io/weights.hpp>
#include <tnn/reference.hpp>

#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/temporary_folder.hpp"
#include "support/values.hpp"

using namespace tnn;

namespace {

using Net = Sequential<Input<1, 4, 4>, Conv2d<2, Kernel<3>>, BatchNorm2d<>, Flatten, Linear<3>>;
using M = Model<Net, Reference>;

/// Everything a model holds.
std::pair<std::vector<float>, std::int64_t> state(const M& model) {
  std::vector<float> all;
  for (const auto table : {parameters_table<Net>, buffers_table<Net>})
    for (const ParameterInfo& p : table) {
      std::vector<float> values(static_cast<std::size_t>(p.size));
      model.read(p.name, values);
      all.insert(all.end(), values.begin(), values.end());
    }
  return {all, model.counters()[0]};
}

void train(Training<M>& training, int steps) {
  const std::vector<std::int32_t> labels{0, 1, 2};
  for (int i = 0; i < steps; ++i)
    training.step(formula_values<float>(static_cast<std::uint32_t>(training.steps()), 3 * 16),
                  labels, {.rate = 0.1, .weight_decay = 0.1});
}

}  // namespace

TEST_CASE("buffers and counters come back from a file, under PyTorch's names and types") {
  const temporary_folder folder;
  M model{{}, {.seed = 1}};
  Training training{model, {.capacity = 3}};
  train(training, 5);
  save(model, folder / "a");
  M other{{}, {.seed = 2}};
  load(other, folder / "a");
  CHECK(state(other) == state(model));
  CHECK(other.counters()[0] == 5);
  const SafetensorsFile file(folder / "a");
  CHECK(file.info("1.running_var").dtype == "F32");
  CHECK(file.info("1.num_batches_tracked").dtype == "I64");
  CHECK(file.info("1.num_batches_tracked").shape.empty());
  CHECK(file.read_integer("1.num_batches_tracked") == 5);
  CHECK(::refuses([&] { (void)file.read_integer("1.running_var"); }, "1.running_var", "F32 [2]",
                  "expected one integer"));
}

TEST_CASE("a run that goes on from a checkpoint ends as one that never stopped, buffers too") {
  const temporary_folder folder;
  M whole{{}, {.seed = 1}};
  Training of_whole{whole, {.capacity = 3}};
  train(of_whole, 6);

  M first{{}, {.seed = 1}};
  Training of_first{first, {.capacity = 3}};
  train(of_first, 4);
  save_checkpoint(of_first, RunPosition{}, {}, folder / "last");
  M second{{}, {.seed = 9}};
  Training of_second{second, {.capacity = 3}};
  load_checkpoint(of_second, SafetensorsFile(folder / "last"));
  of_second.set_steps(4);
  train(of_second, 2);
  CHECK(state(second) == state(whole));
}

TEST_CASE("a file without a buffer or a counter, or with another kind of it, is refused whole") {
  const temporary_folder folder;
  const M model{{}, {.seed = 1}};
  std::vector<TensorSource> all;
  detail::add_state(all, model, folder / "x");
  const auto refused = [&](auto change, auto... words) {
    std::vector<TensorSource> changed = all;
    change(changed);
    write_safetensors(folder / "x", changed);
    M other{{}, {.seed = 2}};
    const auto before = state(other);
    const bool says = ::refuses([&] { load(other, folder / "x"); }, words...);
    return says && state(other) == before;
  };
  const auto at = [](std::vector<TensorSource>& tensors, std::string_view name) {
    return std::find_if(tensors.begin(), tensors.end(),
                        [&](const TensorSource& t) { return t.name == name; });
  };
  CHECK(refused([&](auto& t) { t.erase(at(t, "1.running_mean")); }, "\"1.running_mean\"",
                "expected, of shape [2]"));
  CHECK(refused([&](auto& t) { t.erase(at(t, "1.num_batches_tracked")); },
                "\"1.num_batches_tracked\"", "an integer"));
  CHECK(refused(
      [&](auto& t) { at(t, "1.num_batches_tracked")->fill = [](std::span<float> v) { v[0] = 1; }; },
      "\"1.num_batches_tracked\"", "F32 []", "expected one integer"));
  CHECK(refused(
      [&](auto& t) {
        t.push_back({"1.running_max", {2}, [](auto) {}});
      },
      "\"1.running_max\"", "belongs to no"));
  CHECK(refused(
      [&](auto& t) {
        t.push_back({"optimizer.momentum_buffer.1.running_var", {2}, [](auto) {}});
      },
      "running_var", "belongs to no"));
}
