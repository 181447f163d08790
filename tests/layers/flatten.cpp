#include <tnn/layers/flatten/flatten.hpp>

#include "support/layer_fixture.hpp"

using namespace tnn;

TEMPLATE_TEST_CASE("Flatten leaves values in the order C, H, W", "[flatten]", Reference, Cpu) {
  using Case = layer_case<Flatten, Shape<3, 2, 5>>;
  static_assert(std::is_same_v<Case::output, Shape<30>>);
  const question q = question_for<Case>(3);
  const answer a = ask<Case, double>(TestType{}, q);
  CHECK(a.y == q.x);
  CHECK(a.dx == q.dy);
}

TEST_CASE("Cpu's Flatten agrees with Reference", "[flatten]") {
  for_each_case<layer_case<Flatten, Shape<3, 2, 5>>, layer_case<Flatten, Shape<7>>>(
      [](auto c) { check_cpu<decltype(c)>(); });
}

TEST_CASE("Flatten costs Cpu no memory", "[flatten]") {
  using Plain = Sequential<Input<2, 3, 4>, Flatten, Linear<5>>;
  using Direct = Sequential<Input<24>, Linear<5>>;
  for (const mode m : {mode::infer, mode::train})
    CHECK(bytes_of<Plain, Cpu>(3, m, 2) == bytes_of<Direct, Cpu>(3, m, 2));
}
