// An output of no size.
// expect: shape_error<layer<1>, AdaptiveAvgPool2d<4, 0>, got<4, 8, 8>, fix::make_the_output_at_least_1>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<4, 8, 8>, ReLU, AdaptiveAvgPool2d<4>>;
#else
using Net = Sequential<Input<4, 8, 8>, ReLU, AdaptiveAvgPool2d<4, 0>>;
#endif

using First = output_of<Net, 0>;
using Output = output_t<Net>;
using Arriving = input_t<Net>;
