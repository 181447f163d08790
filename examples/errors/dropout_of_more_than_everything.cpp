// A rate above 1: Dropout<std::ratio<1, 2>> was meant.
// expect: shape_error<layer<1>, Dropout<std::ratio<3, 2>>, got<64>, fix::make_the_rate_at_least_0_and_below_1>
#include <tnn/reference.hpp>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<64>, ReLU, Dropout<std::ratio<1, 2>>>;
#else
using Net = Sequential<Input<64>, ReLU, Dropout<std::ratio<3, 2>>>;
#endif

void run(std::span<const float> images, std::span<float> outputs) {
  Model<Net, Reference> model{{}, {.capacity = 1, .seed = 1}};
  model.forward(images, outputs);
}
static_assert(outputs<Net, Shape<64>>);
