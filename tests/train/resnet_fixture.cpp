// ResNet-18 trained for five steps, against PyTorch: loss, all gradients, weights, momentum and
// running statistics; and the logits of whole images.
#include <tnn/cpu.hpp>
#include <tnn/resnet.hpp>

#include "support/catch.hpp"
#include "support/torch_run.hpp"

namespace {

using small_resnet = tnn::ResNet18<10, 3, 64>;
const torch_fixture& fixture() {
  static const torch_fixture f("resnet18.json");
  return f;
}
const tnn::Cpu cpu{.threads = 2};

}  // namespace

TEST_CASE("five steps of ResNet-18 are PyTorch's, in double", "[slow]") {
  CHECK(disagreement(run_as_torch<small_resnet, tnn::Cpu, double>(fixture(), cpu), fixture(),
                     1e-6) == "");
}

TEST_CASE("five steps of ResNet-18 are PyTorch's, in float") {
  // By the formula: seen were 9e-6 of the first gradients, 4e-4 of the weights' change and 1.4e-3
  // of the momentum. The limits are 3e-4, and 3e-3 of the latter two.
  const tnn::DirectCpu direct{{.threads = 2}};
  CHECK(disagreement(run_as_torch<small_resnet, tnn::DirectCpu, float>(fixture(), direct),
                     fixture(), 3) == "");
  // Winograd's rounding is ten times as large, and in some builds a ReLU of two all but equal
  // values decides otherwise: then a channel of layer4 has another gradient, 4e-2 of its tensor's
  // norm, and five steps carry that on. What holds in every build are the logits and the losses.
  const auto found = run_as_torch<small_resnet, tnn::Cpu, float>(fixture(), cpu);
  for (const char* name : {"logits", "loss"}) {
    INFO(name);
    CHECK(difference(found.at(name), fixture().tensors.at(name)) < 3e-4);
  }
}

TEST_CASE("ResNet-18's logits of images of 224 x 224 are PyTorch's") {
  const torch_fixture whole("resnet18_224.json");
  using model_type = tnn::Model<tnn::ResNet18<>, tnn::Cpu>;
  model_type model(cpu, {whole.batch, whole.seed, whole.initial});
  std::vector<float> logits(2 * 1000);
  model.forward(formula_images<float>(2 * model_type::input_size, 1), logits);
  const auto& expected = whole.tensors.at("logits");
  const auto ours = tensor_summary::of(std::span<const float>(logits), expected.values.size());
  CHECK(difference(ours, expected) < 1e-4);
}
