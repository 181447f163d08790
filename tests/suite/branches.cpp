// Networks that branch, beside Reference in double.
#include "suite/suite.hpp"
#include "support/answers.hpp"
#include "support/branching_nets.hpp"
#include "support/expected.hpp"

using namespace tnn;

namespace {

template <class B, class Net>
void check_net(std::initializer_list<int> sizes) {
  for (const int batch : sizes) {
    INFO("batch " << batch);
    const auto expected = expected_answers<Net>(batch);
    const auto ours = answers<Net, float>(B{}, batch);
    CHECK(relative_error(ours, expected) < 2e-5);
    CHECK(answers<Net, float>(B{}, batch) == ours);
  }
}

}  // namespace

TEMPLATE_TEST_CASE("suite: residual blocks", "[suite]", TNN_SUITE_BACKENDS) {
  check_net<TestType, residual_net>({3, 7});  // BatchNorm over one value has no variance
}
TEMPLATE_TEST_CASE("suite: branches in branches", "[suite]", TNN_SUITE_BACKENDS) {
  check_net<TestType, nested_net>({1, 3, 7});
  if constexpr (computes_in_double<TestType>)
    CHECK(relative_error(answers<nested_net, double>(TestType{}, 3),
                         expected_answers<nested_net>(3)) < 1e-11);
}
TEMPLATE_TEST_CASE("suite: norms and sums behind convolutions", "[suite]", TNN_SUITE_BACKENDS) {
  check_net<TestType, normed_net>({1, 3});
}
TEMPLATE_TEST_CASE("suite: gates", "[suite]", TNN_SUITE_BACKENDS) {
  check_net<TestType, gated_net>({1, 3, 7});
}
