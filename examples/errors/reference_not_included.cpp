// Reference is only declared until its header is included.
// expect: shape_error<layer<0>, Conv2d<4, Kernel<3>>, got<1, 8, 8>, fix::include_tnn_reference_hpp>
#include <span>

#include <tnn/tnn.hpp>
#ifdef GOOD
#include <tnn/reference.hpp>
#endif

using namespace tnn;

using Net = Sequential<Input<1, 8, 8>, Conv2d<4, Kernel<3>>, ReLU>;

void run(std::span<const float> images, std::span<float> outputs) {
  Model<Net, Reference> model{{}, {.capacity = 1, .seed = 1}};
  model.forward(images, outputs);
}
