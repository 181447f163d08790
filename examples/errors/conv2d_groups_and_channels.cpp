// Groups share the input channels evenly.
// expect: shape_error<layer<1>, Conv2d<6, Kernel<3>, Groups<3>>, got<4, 8, 8>, fix::make_the_Groups_divide_the_input_channels>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<4, 8, 8>, ReLU, Conv2d<4, Kernel<3>, Groups<2>>>;
#else
using Net = Sequential<Input<4, 8, 8>, ReLU, Conv2d<6, Kernel<3>, Groups<3>>>;
#endif

using First = output_of<Net, 0>;
using Output = output_t<Net>;
using Arriving = input_t<Net>;
