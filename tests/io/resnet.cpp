// ResNet-18's weights in a file: all 122 of torchvision's entries, and nothing else. The file is
// strict, so one entry missing, one too many or one of another shape refuses it, by its name.
#include <algorithm>
#include <cstring>

#include <tnn/io/weights.hpp>
#include <tnn/reference.hpp>
#include <tnn/resnet.hpp>

#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/temporary_folder.hpp"

using namespace tnn;

namespace {

using Net = ResNet18<>;
using M = Model<Net, Reference>;

/// Buffers and counters as no new model has them, each value another.
void change_statistics(M& model) {
  float next = 1;
  for (const ParameterInfo& p : buffers_table<Net>) {
    std::vector<float> values(static_cast<std::size_t>(p.size));
    for (float& v : values) v = next++;
    model.write(p.name, values);
  }
  std::int64_t count = std::int64_t{1} << 40;
  for (std::int64_t& counter : model.counters()) counter = ++count;
}

/// Do two models hold the same bits?
bool equal(const M& a, const M& b) {
  std::vector<float> of_a, of_b;
  for (const auto table : {parameters_table<Net>, buffers_table<Net>})
    for (const ParameterInfo& p : table) {
      of_a.resize(static_cast<std::size_t>(p.size));
      of_b.resize(of_a.size());
      a.read(p.name, of_a);
      b.read(p.name, of_b);
      if (std::memcmp(of_a.data(), of_b.data(), of_a.size() * sizeof(float)) != 0) return false;
    }
  return std::equal(a.counters().begin(), a.counters().end(), b.counters().begin());
}

}  // namespace

TEST_CASE("ResNet-18 is saved as torchvision's 122 entries, and loads from them bit for bit") {
  const temporary_folder folder;
  M model{{}, {.seed = 1}};
  change_statistics(model);
  save(model, folder / "a");
  const SafetensorsFile file(folder / "a");
  CHECK(file.names().size() == 122);
  CHECK(file.info("conv1.weight").shape == std::vector<std::int64_t>{64, 3, 7, 7});
  CHECK(file.info("layer2.0.downsample.0.weight").shape ==
        std::vector<std::int64_t>{128, 64, 1, 1});
  CHECK(file.info("layer4.1.bn2.running_var").shape == std::vector<std::int64_t>{512});
  CHECK(file.info("layer4.1.bn2.num_batches_tracked").dtype == "I64");
  CHECK(file.info("fc.weight").shape == std::vector<std::int64_t>{1000, 512});

  M other{{}, {.seed = 2}};
  REQUIRE_FALSE(equal(other, model));
  load(other, folder / "a");
  CHECK(equal(other, model));
}

TEST_CASE("a file that is not quite ResNet-18's is refused by the entry's name") {
  const temporary_folder folder;
  const M model{{}, {.seed = 1}};
  std::vector<TensorSource> entries;
  detail::add_state(entries, model, folder / "x");
  REQUIRE(entries.size() == 122);
  M other{{}, {.seed = 2}};
  const M untouched{{}, {.seed = 2}};
  const auto refused = [&](auto change, auto... words) {
    std::vector<TensorSource> changed = entries;
    change(changed);
    write_safetensors(folder / "x", changed);
    return ::refuses([&] { load(other, folder / "x"); }, words...) && equal(other, untouched);
  };
  const auto at = [](std::vector<TensorSource>& all, std::string_view name) {
    return std::find_if(all.begin(), all.end(),
                        [&](const TensorSource& entry) { return entry.name == name; });
  };

  CHECK(refused([&](auto& all) { all.erase(at(all, "layer3.0.downsample.0.weight")); },
                "no tensor \"layer3.0.downsample.0.weight\"", "shape [256, 128, 1, 1]"));
  CHECK(refused([&](auto& all) { all.erase(at(all, "layer2.1.bn1.running_mean")); },
                "no tensor \"layer2.1.bn1.running_mean\"", "shape [128]"));
  CHECK(refused([&](auto& all) { all.erase(at(all, "bn1.num_batches_tracked")); },
                "no tensor \"bn1.num_batches_tracked\"", "an integer"));
  // ResNet-18's first block keeps its extents, so that its shortcut has no tensors.
  CHECK(refused(
      [](auto& all) {
        all.push_back({"layer1.0.downsample.0.weight", {64, 64, 1, 1}, [](auto) {}});
      },
      "\"layer1.0.downsample.0.weight\" belongs to no", "the last is \"fc.bias\""));
  CHECK(refused(
      [&](auto& all) {
        at(all, "fc.weight")->shape = {512, 1000};
      },
      "\"fc.weight\" has the shape [512, 1000]", "expected [1000, 512]"));

  write_safetensors(folder / "x", entries);
  load(other, folder / "x");
  CHECK(equal(other, model));
}
