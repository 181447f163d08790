// Too many pools: the Kernel is larger than what is left.
// expect: shape_error<layer<1>, AvgPool2d<Kernel<9>>, got<4, 8, 8>, fix::make_the_Kernel_fit_the_padded_input>
#include <tnn/reference.hpp>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<4, 8, 8>, ReLU, AvgPool2d<Kernel<2>>>;
#else
using Net = Sequential<Input<4, 8, 8>, ReLU, AvgPool2d<Kernel<9>>>;
#endif

void run(std::span<const float> images, std::span<float> outputs) {
  Model<Net, Reference> model{{}, {.capacity = 1, .seed = 1}};
  model.forward(images, outputs);
}
static_assert(outputs<Net, Shape<4, 4, 4>>);
