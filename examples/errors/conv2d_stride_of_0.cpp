// A Stride that never moves.
// expect: shape_error<layer<1>, Conv2d<4, Kernel<3>, Stride<0>>, got<4, 8, 8>, fix::make_the_Stride_at_least_1>
#include <tnn/reference.hpp>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<4, 8, 8>, ReLU, Conv2d<4, Kernel<3>, Stride<1>>>;
#else
using Net = Sequential<Input<4, 8, 8>, ReLU, Conv2d<4, Kernel<3>, Stride<0>>>;
#endif

void run(std::span<const float> images, std::span<float> outputs) {
  Model<Net, Reference> model{{}, {.capacity = 1, .seed = 1}};
  model.forward(images, outputs);
}
static_assert(outputs<Net, Shape<4, 6, 6>>);
