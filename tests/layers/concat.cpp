// Branches one behind the other in each sample: values and gradients by hand, and what the rule
// answers.
#include <vector>

#include <tnn/reference.hpp>

#include "support/catch.hpp"

using namespace tnn;

namespace {

template <class... Y>
using answer = decltype(Concat<ReLU, Tanh>::rule<Y...>());
using A = Shape<2, 3, 4>;
static_assert(std::is_same_v<answer<A, Shape<5, 3, 4>>,
                             joins<Concatenation<A, Shape<5, 3, 4>>, Shape<7, 3, 4>>>);
static_assert(
    std::is_same_v<answer<Shape<2>, Shape<3>>, joins<Concatenation<Shape<2>, Shape<3>>, Shape<5>>>);
static_assert(
    std::is_same_v<answer<A, Shape<2, 3, 5>>,
                   refuses_branch<1, fix::make_the_branches_the_same_but_for_channels<2, 3, 4>>>);
static_assert(
    std::is_same_v<answer<A, Shape<24>>,
                   refuses_branch<1, fix::make_the_branches_the_same_but_for_channels<2, 3, 4>>>);
static_assert(Concatenation<A, Shape<5, 3, 4>, A>::begin(2) == 24 + 60);

}  // namespace

TEST_CASE("branches stand one behind the other in each sample") {
  Reference reference;
  using step = bound<Concatenation<Shape<1>, Shape<2>>, Shape<1>, Shape<3>>;
  std::vector<double> a{1, 2}, b{3, 4, 5, 6}, y(6), dy{1, 2, 3, 4, 5, 6}, da(2), db(4);
  pass<double, step> p;
  p.batch = 2;
  p.x = a.data();
  p.other[0] = b.data();
  p.y = y.data();
  compute<Reference, double, step>::forward(reference, p);
  CHECK(y == std::vector<double>{1, 3, 4, 2, 5, 6});
  p.dy = dy.data();
  p.dx = da.data();
  p.other_gradient[0] = db.data();
  compute<Reference, double, step>::backward(reference, p);
  CHECK(da == std::vector<double>{1, 4});
  CHECK(db == std::vector<double>{2, 3, 5, 6});
}
