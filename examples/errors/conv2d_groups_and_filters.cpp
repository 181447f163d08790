// Groups share the filters evenly.
// expect: shape_error<layer<1>, Conv2d<6, Kernel<3>, Groups<4>>, got<4, 8, 8>, fix::make_the_Groups_divide_the_filters>
#include <tnn/reference.hpp>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<4, 8, 8>, ReLU, Conv2d<4, Kernel<3>, Groups<4>>>;
#else
using Net = Sequential<Input<4, 8, 8>, ReLU, Conv2d<6, Kernel<3>, Groups<4>>>;
#endif

void run(std::span<const float> images, std::span<float> outputs) {
  Model<Net, Reference> model{{}, {.capacity = 1, .seed = 1}};
  model.forward(images, outputs);
}
static_assert(outputs<Net, Shape<4, 6, 6>>);
