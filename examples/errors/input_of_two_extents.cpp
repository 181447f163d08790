// An Input is a vector (1 extent) or an image (3: channels, height, width).
// expect: shape_error<Input<8, 8>, Input<8, 8>, got<8, 8>, fix::give_Input_1_or_3_extents>
#include <tnn/reference.hpp>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<1, 8, 8>, Flatten>;
#else
using Net = Sequential<Input<8, 8>, Flatten>;
#endif

void run(std::span<const float> images, std::span<float> outputs) {
  Model<Net, Reference> model{{}, {.capacity = 1, .seed = 1}};
  model.forward(images, outputs);
}
static_assert(outputs<Net, Shape<64>>);
