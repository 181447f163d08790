// Branches one behind the other in each sample: values and gradients by hand, what the rule
// answers, and Cpu's convolutions, which work in their place in the whole.
#include <vector>

#include <tnn/cpu.hpp>
#include <tnn/reference.hpp>

#include "support/answers.hpp"
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
static_assert(Concatenation<A, Shape<5, 3, 4>, A>::begins[2] == 24 + 60);

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

namespace {

template <int Filters, int Size, class... Options>
using conv = Conv2d<Filters, Kernel<Size>, Padding<Size / 2>, Options...>;
using pool = MaxPool2d<Kernel<3>, Stride<2>>;

/// By Winograd, in groups and not, and by the formula; with what follows in training or inference.
/// A ReLU and a Sum read the whole.
using many_channels =
    Sequential<Input<34, 7, 9>,
               Concat<conv<18, 3>, Sequential<conv<19, 3>, ReLU>,
                      Sequential<conv<36, 3, Groups<2>, NoBias>, BatchNorm2d<>, ReLU>,
                      Sequential<Conv2d<7, Kernel<1>>, ReLU>, Identity,
                      Residual<Sequential<conv<34, 3, NoBias>, BatchNorm2d<>>>,
                      Sequential<conv<34, 1>, BatchNorm2d<>>, Tanh>,
               Residual<Sequential<ReLU, conv<216, 1>>>, AdaptiveAvgPool2d<2>, Flatten, Linear<4>>;
/// Few channels in; convolutions with pools; the first reads what needs no gradient. A Concat whose
/// branches are Concats. A ReLU behind a whole that a part's ReLU reads again on the way back.
using few_channels = Sequential<
    Input<3, 12, 11>,
    Concat<Sequential<conv<33, 5>, ReLU, pool>,
           Concat<Sequential<conv<35, 5, Stride<2>>, ReLU, MaxPool2d<Kernel<2>, Stride<1>>>,
                  Conv2d<5, Kernel<4, 3>, Stride<2>>>>,
    ReLU, Concat<Sequential<conv<16, 3>, ReLU>, conv<17, 3>>, ReLU, conv<7, 1>, Flatten,
    Concat<Linear<3>, Linear<2>>>;

/// Values that are made in their place.
template <class Net, mode M>
constexpr int values_in_place() {
  int count = 0;
  for (const detail::part_of& p : detail::steps<Net, Cpu, float, M>::plan.within)
    count += p.whole > 0;
  return count;
}
static_assert(values_in_place<many_channels, mode::train>() == 6);
static_assert(values_in_place<many_channels, mode::infer>() == 6);
static_assert(values_in_place<few_channels, mode::train>() == 5);

template <class Net>
void check_on_cpu() {
  for (const int batch : {1, 3, 7}) {
    INFO("batch " << batch);
    const auto expected = answers<Net, double>(Reference{}, batch);
    const auto one = answers<Net, float>(Cpu{1}, batch);
    CHECK(relative_error(one, expected) < 2e-5);
    CHECK(answers<Net, float>(Cpu{3}, batch) == one);
    CHECK(relative_error(answers<Net, float>(DirectCpu{{2}}, batch), expected) < 2e-5);
  }
}

}  // namespace

TEST_CASE("convolutions of many channels work in their place in the whole") {
  check_on_cpu<many_channels>();
}
TEST_CASE("convolutions of few channels work in their place in the whole") {
  check_on_cpu<few_channels>();
}
