// The layers that AlexNet has not, nested and named, trained for five steps, against PyTorch.
#include <tnn/cpu.hpp>
#include <tnn/reference.hpp>
#include "support/catch.hpp"
#include "support/disturbed_run.hpp"
#include "support/mixed_net.hpp"
#include "support/torch_run.hpp"

namespace {

const torch_fixture& fixture() {
  static const torch_fixture f("mixed_net.json");
  return f;
}
const tnn::Cpu cpu{.threads = 2};

}  // namespace

TEST_CASE("five steps of the mixed net are PyTorch's, in double") {
  constexpr double strictness = 1e-8;
  const auto reference = run_as_torch<mixed_net, tnn::Reference, double>(fixture(), {});
  CHECK(disagreement(reference, fixture(), strictness) == "");
  CHECK(disagreement(run_as_torch<mixed_net, tnn::Cpu, double>(fixture(), cpu), fixture(),
                     strictness) == "");
}

TEST_CASE("five steps of the mixed net are PyTorch's, in float") {
  CHECK(disagreement(run_as_torch<mixed_net, tnn::Reference, float>(fixture(), {}), fixture()) ==
        "");
  CHECK(disagreement(run_as_torch<mixed_net, tnn::Cpu, float>(fixture(), cpu), fixture()) == "");
}

TEST_CASE("what disturbs a run of the mixed net shows") {
  const auto found = run_as_torch<mixed_net, tnn::Cpu, float>(fixture(), cpu);
  require_every_gradient_matters<mixed_net>(found, fixture());
  require_disturbances_to_show<mixed_net, tnn::Cpu, float>(fixture(), cpu);
}
