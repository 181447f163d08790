// A long network, and one of many equal blocks. That this file compiles at the compilers' default
// limits is the test of length; tests/instantiations.sh and tests/deep_chain.sh hold what it costs.
#include <tnn/cpu.hpp>
#include <tnn/reference.hpp>

#include "support/catch.hpp"
#include "support/deep_nets.hpp"

using namespace tnn;

namespace {

static_assert(layers_t<chain_of_450>::size == 450);
static_assert(parameters_table<chain_of_450>.size() == 600);
static_assert(parameters_table<chain_of_450>[599].name == "448.bias");
constexpr MemoryBytes training = bytes_of<chain_of_450, Reference>(1, mode::train, 1);
constexpr MemoryBytes inference = bytes_of<chain_of_450, Reference>(1, mode::infer, 1);
// In inference two values at a time. In training all 450 that a layer reads, and two gradients; the
// logits' place is a gradient's by then.
static_assert(inference.activations == 4 * 2 * 4 * 64);
static_assert(training.activations == 4 * 452 * 4 * 64);

// Plans in which most values overlap with many others. Of branches in inference two values each,
// padded to a cache line, and the whole.
static_assert(outputs<branches_150, Shape<300>>);
static_assert(bytes_of<branches_150, Reference>(1, mode::infer, 1).activations ==
              4 * (150 * 16 + 304));
// In training each dense layer keeps its five inputs at least, the first two of which have as many
// channels as the layers before it have made.
static_assert(outputs<dense_42, Shape<16 + 42 * 4, 7, 7>>);
static_assert(bytes_of<dense_42, Reference>(1, mode::train, 1).activations >
              4 * 49 * 42 * 2 * (16 + 41 * 2));

/// How many different types of math a network's steps have on Cpu.
template <class... S>
constexpr int kinds_of_math(detail::list<S...>) {
  constexpr std::string_view names[] = {detail::raw_type_name<typename S::compute>()...};
  int kinds = 0;
  for (std::size_t i = 0; i < sizeof...(S); ++i) {
    bool is_new = true;
    for (std::size_t j = 0; j < i; ++j) is_new = is_new && names[i] != names[j];
    kinds += is_new ? 1 : 0;
  }
  return kinds;
}
template <class Net>
constexpr int kinds =
    kinds_of_math(typename detail::steps<Net, Cpu, float, mode::train>::list_of_all{});

}  // namespace

TEST_CASE("equal blocks share their math") {
  // ResNet-50: 3, 4, 6 and 3 blocks. The first of each stage has geometries of its own, the second
  // one more; no block behind it brings anything new.
  STATIC_REQUIRE(parameter_count<resnet50> == 25'557'032);
  STATIC_REQUIRE(kinds<resnet50> == kinds<resnet_of<2, 2, 2, 2>>);
  STATIC_REQUIRE(kinds<resnet50> < kinds<resnet_of<1, 1, 1, 1>> + 4 * 4);
}
