// Layers that a backend does together, beside Reference in double, which does each by itself.
#include "suite/suite.hpp"
#include "support/answers.hpp"
#include "support/expected.hpp"
#include "support/nets_in_runs.hpp"

using namespace tnn;

namespace {

template <class B, class Net, class T = float>
void check_net(double bound = 1e-5) {
  for (const int batch : batches) {
    INFO("batch " << batch);
    const auto expected = expected_answers<Net>(batch);
    const auto ours = answers<Net, T>(B{}, batch);
    CHECK(relative_error(ours, expected) < bound);
    CHECK(answers<Net, T>(B{}, batch) == ours);
    CHECK(answers<Net, T>(B{}, batch, true) != ours);
  }
}

}  // namespace

TEMPLATE_TEST_CASE("suite: layers in a run are what they are one by one", "[suite]",
                   TNN_SUITE_BACKENDS) {
  check_net<TestType, runs::by_winograd>();
  check_net<TestType, runs::in_groups>();
  check_net<TestType, runs::narrow>();
  check_net<TestType, runs::narrow_within>();
  check_net<TestType, runs::narrow_alone>();
  check_net<TestType, runs::formula>();
  check_net<TestType, runs::dropped>();
  check_net<TestType, runs::unbiased>();
  if constexpr (computes_in_double<TestType>) {
    check_net<TestType, runs::in_groups, double>(1e-12);
    check_net<TestType, runs::unbiased, double>(1e-12);
  }
}
