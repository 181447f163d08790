// It has a Size, not a Kernel.
// expect: shape_error<layer<1>, LocalResponseNorm<Size<5>, Kernel<3>>, got<4, 8, 8>, fix::remove_the_option_it_does_not_take>
#include <tnn/reference.hpp>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<4, 8, 8>, ReLU, LocalResponseNorm<Size<5>>>;
#else
using Net = Sequential<Input<4, 8, 8>, ReLU, LocalResponseNorm<Size<5>, Kernel<3>>>;
#endif

void run(std::span<const float> images, std::span<float> outputs) {
  Model<Net, Reference> model{{}, {.capacity = 1, .seed = 1}};
  model.forward(images, outputs);
}
static_assert(outputs<Net, Shape<4, 8, 8>>);
