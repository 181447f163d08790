// A net with BatchNorms, trained for five steps, against PyTorch: running statistics too.
#include <tnn/cpu.hpp>
#include <tnn/reference.hpp>
#include "support/catch.hpp"
#include "support/disturbed_run.hpp"
#include "support/norm_net.hpp"
#include "support/torch_run.hpp"

namespace {

const torch_fixture& fixture() {
  static const torch_fixture f("norm_net.json");
  return f;
}
const tnn::Cpu cpu{.threads = 2};

}  // namespace

TEST_CASE("five steps of the net with norms are PyTorch's, in double") {
  constexpr double strictness = 1e-8;
  const auto reference = run_as_torch<norm_net, tnn::Reference, double>(fixture(), {});
  CHECK(disagreement(reference, fixture(), strictness) == "");
  CHECK(disagreement(run_as_torch<norm_net, tnn::Cpu, double>(fixture(), cpu), fixture(),
                     strictness) == "");
}

TEST_CASE("five steps of the net with norms are PyTorch's, in float") {
  CHECK(disagreement(run_as_torch<norm_net, tnn::Reference, float>(fixture(), {}), fixture()) ==
        "");
  CHECK(disagreement(run_as_torch<norm_net, tnn::Cpu, float>(fixture(), cpu), fixture()) == "");
}

TEST_CASE("what disturbs a run of the net with norms shows") {
  const auto found = run_as_torch<norm_net, tnn::Cpu, float>(fixture(), cpu);
  require_every_gradient_matters<norm_net>(found, fixture());
  require_disturbed_updates_to_show<norm_net, tnn::Cpu, float>(fixture(), cpu);
  // Another share of the batch in the running statistics changes these alone.
  using other_share =
      tnn::Sequential<tnn::Input<2, 11, 9>, tnn::Conv2d<8, tnn::Kernel<3>, tnn::Padding<1>>,
                      tnn::SiLU, tnn::BatchNorm2d<tnn::Momentum<std::ratio<1, 9>>>,
                      tnn::Named<"block", norms::block>, tnn::Identity, tnn::Flatten,
                      tnn::Linear<9>, tnn::LeakyReLU<>, tnn::Named<"norm", tnn::BatchNorm1d<>>,
                      tnn::Linear<7>>;
  const auto text =
      disagreement(run_as_torch<other_share, tnn::Cpu, float>(fixture(), cpu), fixture());
  CHECK(text.starts_with("buffer/2.running_"));
}
