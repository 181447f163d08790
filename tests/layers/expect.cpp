#include <tnn/layers/expect/expect.hpp>

#include "support/layer_fixture.hpp"

using namespace tnn;

// The same network with and without: Expect takes no number, no memory and does no work.
using plain_net = Sequential<Input<2, 5, 5>, Conv2d<3, Kernel<3>>, ReLU, Flatten, Linear<4>>;
using checked_net =
    Sequential<Input<2, 5, 5>, Expect<Shape<2, 5, 5>>, Conv2d<3, Kernel<3>>, Expect<Shape<3, 3, 3>>,
               ReLU, Flatten, Expect<Shape<27>>, Linear<4>, Expect<Shape<4>>>;

static_assert(std::is_same_v<layers_t<plain_net>, layers_t<checked_net>>);
static_assert(std::is_same_v<output_of<checked_net, 0>, Shape<3, 3, 3>>);
static_assert(std::is_same_v<output_of<checked_net, 3>, Shape<4>>);
static_assert(bytes_of<plain_net, Cpu>(7, mode::train, 2) ==
              bytes_of<checked_net, Cpu>(7, mode::train, 2));

TEMPLATE_TEST_CASE("Expect changes no number", "[expect]", Reference, Cpu) {
  Model<plain_net, TestType> plain{TestType{}, {.capacity = 2, .seed = 5}};
  Model<checked_net, TestType> checked{TestType{}, {.capacity = 2, .seed = 5}};
  const auto x = formula_values<float>(1, 2 * 50);
  std::vector<float> y(8), z(8, 1);
  plain.forward(x, y);
  checked.forward(x, z);
  CHECK(y == z);
}
