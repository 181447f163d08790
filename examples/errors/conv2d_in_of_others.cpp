// In states the channels that arrive, and is checked.
// expect: shape_error<layer<1>, Conv2d<4, Kernel<3>, In<3>>, got<4, 8, 8>, fix::set_In_to<4>>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<4, 8, 8>, ReLU, Conv2d<4, Kernel<3>, In<4>>>;
#else
using Net = Sequential<Input<4, 8, 8>, ReLU, Conv2d<4, Kernel<3>, In<3>>>;
#endif

static_assert(outputs<Net, Shape<4, 6, 6>>);
