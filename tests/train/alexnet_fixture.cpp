// The whole AlexNet, a batch of three, five steps, against PyTorch in double.
#include <tnn/alexnet.hpp>
#include <tnn/cpu.hpp>
#include "support/catch.hpp"
#include "support/disturbed_run.hpp"
#include "support/torch_run.hpp"

namespace {

using Net = tnn::AlexNet<>;

const torch_fixture& fixture() {
  static const torch_fixture f("alexnet.json");
  return f;
}
const tnn::Cpu cpu{.threads = 2};

}  // namespace

TEST_CASE("five steps of AlexNet are PyTorch's") {
  const auto found = run_as_torch<Net, tnn::Cpu, float>(fixture(), cpu);
  CHECK(found.size() == fixture().tensors.size());
  CHECK(disagreement(found, fixture()) == "");
  require_every_gradient_matters<Net>(found, fixture());
}

TEST_CASE("what disturbs a run of AlexNet shows", "[slow]") {
  require_disturbances_to_show<Net, tnn::Cpu, float>(fixture(), cpu);
}
