// ResNet-18 as a type: every shape, its parameters and the names of its tensors are compile-time
// facts.
#include <set>
#include <string>
#include <type_traits>
#include <vector>

#include <tnn/resnet.hpp>

#include "support/catch.hpp"

using namespace tnn;

namespace {

using Net = ResNet18<>;
template <class S, int... Place>
constexpr bool after = std::is_same_v<output_of<Net, Place...>, S>;

static_assert(after<Shape<64, 112, 112>, 0> && after<Shape<64, 112, 112>, 1>);
static_assert(after<Shape<64, 112, 112>, 2> && after<Shape<64, 56, 56>, 3>);

// A block: its convolutions and norms are 0, 1, 3, 4, the ReLU between them 2; the shortcut is 5,
// and the ReLU behind the sum comes last.
template <class S, int Layer, int Block>
constexpr bool block_makes = after<S, Layer, Block, 0>&& after<S, Layer, Block, 1>&&
    after<S, Layer, Block, 2>&& after<S, Layer, Block, 3>&& after<S, Layer, Block, 4>&&
        after<S, Layer, Block, 5>&& after<S, Layer, Block>;
template <class S, int Layer>
constexpr bool halving_makes = block_makes<S, Layer, 0>&& after<S, Layer, 0, 5, 0>&&
    after<S, Layer, 0, 5, 1>&& after<S, Layer, 0, 6>&& block_makes<S, Layer, 1>&& after<S, Layer>;
static_assert(block_makes<Shape<64, 56, 56>, 4, 0> && block_makes<Shape<64, 56, 56>, 4, 1>);
static_assert(halving_makes<Shape<128, 28, 28>, 5>);
static_assert(halving_makes<Shape<256, 14, 14>, 6>);
static_assert(halving_makes<Shape<512, 7, 7>, 7>);
static_assert(after<Shape<512, 1, 1>, 8> && after<Shape<512>, 9> && after<Shape<1000>, 10>);
static_assert(outputs<Net, Shape<1000>> && outputs<ResNet18<10, 1>, Shape<10>>);
static_assert(std::is_same_v<input_t<ResNet18<10, 1, 64>>, Shape<1, 64, 64>>);

// torchvision's resnet18: 11,689,512 parameters, 122 entries of state_dict.
static_assert(parameter_count<Net> == 11'689'512);
static_assert(parameters_table<Net>.size() == 62);
static_assert(buffers_table<Net>.size() == 40 && counters_table<Net>.size() == 20);
static_assert(62 + 40 + 20 == 122);
// 1.814 billion, as the paper's table says (1.8e9).
static_assert(multiply_adds<Net> == 1'814'073'344);

// torchvision's name of a block's first convolution, which takes both Unnamed and Named to write.
static_assert(parameters_table<Net>[3].name == "layer1.0.conv1.weight");

}  // namespace

TEST_CASE("ResNet-18's tensors have torchvision's names") {
  std::set<std::string> expected{"conv1.weight", "fc.weight", "fc.bias"};
  const auto norm = [&](const std::string& at) {
    for (const char* tensor :
         {"weight", "bias", "running_mean", "running_var", "num_batches_tracked"})
      expected.insert(at + "." + tensor);
  };
  norm("bn1");
  for (const int layer : {1, 2, 3, 4})
    for (const int block : {0, 1}) {
      const std::string at = "layer" + std::to_string(layer) + "." + std::to_string(block);
      expected.insert(at + ".conv1.weight");
      expected.insert(at + ".conv2.weight");
      norm(at + ".bn1");
      norm(at + ".bn2");
      if (layer > 1 && block == 0) {
        expected.insert(at + ".downsample.0.weight");
        norm(at + ".downsample.1");
      }
    }
  REQUIRE(expected.size() == 122);
  std::set<std::string> ours;
  for (const ParameterInfo& p : parameters_table<Net>) ours.emplace(p.name);
  for (const ParameterInfo& p : buffers_table<Net>) ours.emplace(p.name);
  for (const std::string_view name : counters_table<Net>) ours.emplace(name);
  CHECK(ours == expected);
}
