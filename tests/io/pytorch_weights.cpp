// A state_dict that PyTorch saved loads by name, nested and named layers too, and gives PyTorch's
// logits. tests/fixtures/generate_pytorch_weights.py made the file.
#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include <tnn/cpu.hpp>
#include <tnn/io/weights.hpp>
#include <tnn/reference.hpp>
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/mixed_net.hpp"
#include "support/temporary_folder.hpp"
#include "support/torch_run.hpp"

namespace {

const std::filesystem::path fixtures =
    std::filesystem::path(__FILE__).parent_path() / "../fixtures";
constexpr int batch = 2;

std::vector<double> expected_logits() {
  std::ifstream file(fixtures / "pytorch_weights.json");
  std::vector<double> all;
  for (const auto& row : nlohmann::json::parse(file))
    for (const double logit : row) all.push_back(logit);
  return all;
}

// Relative error of the logits of a model that loaded a file.
template <class B, class T>
double error_of(const std::filesystem::path& file) {
  tnn::Model<mixed_net, B, T> model({}, {batch, 0, tnn::zero_initialisation});
  tnn::load(model, file);
  std::vector<T> logits(batch * model.output_size);
  model.forward(formula_images<T>(batch * model.input_size, 1), logits);
  const auto expected = expected_logits();
  return difference(tensor_summary::of(std::span<const T>(logits), logits.size()),
                    tensor_summary::of(std::span<const double>(expected), expected.size()));
}

}  // namespace

TEST_CASE("PyTorch's weights give PyTorch's logits") {
  const auto file = fixtures / "pytorch_weights.safetensors";
  CHECK(error_of<tnn::Reference, double>(file) < 1e-12);
  CHECK(error_of<tnn::Cpu, double>(file) < 1e-12);
  CHECK(error_of<tnn::Reference, float>(file) < 1e-5);
  CHECK(error_of<tnn::Cpu, float>(file) < 1e-5);
}

TEST_CASE("saved again they still do, and a bit that flips shows") {
  const temporary_folder folder;
  tnn::Model<mixed_net, tnn::Cpu> model;
  tnn::load(model, fixtures / "pytorch_weights.safetensors");
  tnn::save(model, folder / "again.safetensors");
  CHECK(error_of<tnn::Reference, double>(folder / "again.safetensors") < 1e-12);

  std::vector<float> bias(12);
  model.read("block.0.bias", bias);
  bias[5] = -bias[5];
  model.write("block.0.bias", bias);
  tnn::save(model, folder / "flipped.safetensors");
  CHECK(error_of<tnn::Cpu, float>(folder / "flipped.safetensors") > 1e-4);
}

TEST_CASE("the names are PyTorch's, or it is another network's file") {
  using renamed = tnn::Sequential<tnn::Input<2, 17, 14>, tnn::Conv2d<8, tnn::Kernel<3, 5>>>;
  tnn::Model<renamed, tnn::Cpu> model;
  CHECK(refuses([&] { tnn::load(model, fixtures / "pytorch_weights.safetensors"); },
                "belongs to no parameter of this network", "0.bias"));
}
