// Thrust is only declared until its header is included.
// expect: shape_error<layer<0>, Conv2d<4, Kernel<3>>, got<1, 8, 8>, fix::include_tnn_thrust_hpp>
#include <tnn/reference.hpp>

using namespace tnn;

using Net = Sequential<Input<1, 8, 8>, Conv2d<4, Kernel<3>>, ReLU>;

#ifdef GOOD
Model<Net, Reference> model{{}, {.capacity = 1}};
#else
Model<Net, Thrust> model{{}, {.capacity = 1}};
#endif
