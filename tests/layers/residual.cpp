// The sum of two branches: values and gradients by hand, and what its rule answers.
#include <vector>

#include <tnn/reference.hpp>

#include "support/catch.hpp"

using namespace tnn;

namespace {

template <class F, class... Y>
using answer = decltype(F::template rule<Y...>());
using A = Shape<2, 3, 4>;
using B = Shape<2, 3, 5>;
static_assert(std::is_same_v<answer<Residual<ReLU>, A, A>, joins<Sum, A>>);
static_assert(std::is_same_v<answer<Residual<ReLU>, A, B>,
                             refuses_branch<0, fix::make_the_branches_the_same_shape<2, 3, 5>>>);
static_assert(std::is_same_v<answer<Residual<ReLU, Tanh>, A, B>,
                             refuses_branch<1, fix::make_the_branches_the_same_shape<2, 3, 4>>>);

}  // namespace

TEST_CASE("a sum adds its branches, and gives dy to both") {
  Reference reference;
  using step = bound<Sum, Shape<3>, Shape<3>>;
  std::vector<double> a{1, 2, 3}, b{10, -20, 0.5}, y(3), dy{4, 5, 6}, da(3), db(3);
  pass<double, step> p;
  p.batch = 1;
  p.x = a.data();
  p.other[0] = b.data();
  p.y = y.data();
  compute<Reference, double, step>::forward(reference, p);
  CHECK(y == std::vector<double>{11, -18, 3.5});
  p.dy = dy.data();
  p.dx = da.data();
  p.other_gradient[0] = db.data();
  compute<Reference, double, step>::backward(reference, p);
  CHECK(da == dy);
  CHECK(db == dy);
}
