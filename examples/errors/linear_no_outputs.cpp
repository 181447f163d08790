// No outputs.
// expect: shape_error<layer<1>, Linear<0>, got<64>, fix::make_the_outputs_at_least_1>
#include <tnn/reference.hpp>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<64>, ReLU, Linear<10>>;
#else
using Net = Sequential<Input<64>, ReLU, Linear<0>>;
#endif

void run(std::span<const float> images, std::span<float> outputs) {
  Model<Net, Reference> model{{}, {.capacity = 1, .seed = 1}};
  model.forward(images, outputs);
}
static_assert(outputs<Net, Shape<10>>);
