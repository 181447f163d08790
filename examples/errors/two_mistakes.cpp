// The first mistake is reported; the second waits until it is mended.
// expect: shape_error<layer<0>, Conv2d<4>, got<1, 8, 8>, fix::add_a_Kernel>
#include <span>

#include <tnn/tnn.hpp>
#ifdef GOOD
#include <tnn/reference.hpp>
#endif

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<1, 8, 8>, Conv2d<4, Kernel<3>>, Flatten, Linear<10>>;
#else
using Net = Sequential<Input<1, 8, 8>, Conv2d<4>, Linear<0>>;
#endif

static_assert(outputs<Net, Shape<10>>);
void run(std::span<const float> images, std::span<float> logits) {
  Model<Net, Reference> model{{}, {.capacity = 1, .seed = 1}};  // nor that a header is missing
  model.forward(images, logits);
}
