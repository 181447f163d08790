// A gate: which of its values goes with which of x, values and gradients by hand, and what the rule
// answers.
#include <vector>

#include <tnn/reference.hpp>

#include "support/catch.hpp"

using namespace tnn;

namespace {

template <class... Y>
using answer = decltype(Gate<ReLU>::rule<Y...>());
using X = Shape<2, 3, 4>;
static_assert(std::is_same_v<answer<Shape<2, 1, 1>, X>, joins<Gating<X>, X>>);
static_assert(std::is_same_v<answer<Shape<1, 3, 4>, X>, joins<Gating<X>, X>>);
static_assert(
    std::is_same_v<answer<Shape<2, 3, 2>, X>,
                   refuses_branch<0, fix::make_each_extent_of_the_branch_1_or_that_of<2, 3, 4>>>);
static_assert(
    std::is_same_v<answer<Shape<2>, X>,
                   refuses_branch<0, fix::make_each_extent_of_the_branch_1_or_that_of<2, 3, 4>>>);

/// Of each value of a gate, the values of x that it goes with are those that go with it.
template <class G>
constexpr bool agrees() {
  using index = detail::broadcast<G, X>;
  int seen[X::size] = {};
  for (std::int64_t g = 0; g < G::size; ++g)
    for (std::int64_t r = 0; r < index::reach; ++r) {
      const std::int64_t i = index::x_of(g, r);
      if (index::gate_of(i) != g) return false;
      ++seen[i];
    }
  for (const int times : seen)
    if (times != 1) return false;
  return true;
}
static_assert(agrees<Shape<1, 1, 1>>() && agrees<Shape<2, 1, 1>>() && agrees<Shape<1, 3, 1>>());
static_assert(agrees<Shape<1, 1, 4>>() && agrees<Shape<2, 1, 4>>() && agrees<X>());
static_assert(detail::broadcast<Shape<1, 3, 1>, X>::gate_of(12 + 4 * 2 + 3) == 2);

}  // namespace

TEST_CASE("a gate multiplies, and its gradient adds up where it was taken") {
  Reference reference;
  using step = bound<Gating<Shape<2, 1, 2>>, Shape<2, 1, 1>, Shape<2, 1, 2>>;
  std::vector<double> gate{2, 3}, x{1, 4, 5, 6}, y(4), dy{1, 10, 100, 1000}, dgate(2), dx(4);
  pass<double, step> p;
  p.batch = 1;
  p.x = gate.data();
  p.other[0] = x.data();
  p.y = y.data();
  compute<Reference, double, step>::forward(reference, p);
  CHECK(y == std::vector<double>{2, 8, 15, 18});
  p.dy = dy.data();
  p.dx = dgate.data();
  p.other_gradient[0] = dx.data();
  compute<Reference, double, step>::backward(reference, p);
  CHECK(dgate == std::vector<double>{1 * 1 + 10 * 4, 100 * 5 + 1000 * 6});
  CHECK(dx == std::vector<double>{2, 20, 300, 3000});
}
