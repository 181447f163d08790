// A pool has no Kernel by default.
// expect: shape_error<layer<1>, MaxPool2d<Stride<2>>, got<4, 8, 8>, fix::add_a_Kernel>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<4, 8, 8>, ReLU, MaxPool2d<Kernel<2>, Stride<2>>>;
#else
using Net = Sequential<Input<4, 8, 8>, ReLU, MaxPool2d<Stride<2>>>;
#endif

using First = output_of<Net, 0>;
using Output = output_t<Net>;
using Arriving = input_t<Net>;
