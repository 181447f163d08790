#include <tnn/layers/identity/identity.hpp>

#include "support/layer_fixture.hpp"

using namespace tnn;

TEMPLATE_TEST_CASE("Identity leaves everything as it is", "[identity]", Reference, Cpu) {
  using Case = layer_case<Identity, Shape<3, 2, 5>>;
  static_assert(std::is_same_v<Case::output, Shape<3, 2, 5>>);
  const question q = question_for<Case>(3);
  const answer a = ask<Case, double>(TestType{}, q);
  CHECK(a.y == q.x);
  CHECK(a.dx == q.dy);
}
