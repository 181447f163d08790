// An output of 2^31 values or more.
// expect: shape_error<layer<1>, AdaptiveAvgPool2d<65536>, got<4, 8, 8>, fix::make_the_output_smaller_than_2_to_the_31>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<4, 8, 8>, ReLU, AdaptiveAvgPool2d<6>>;
#else
using Net = Sequential<Input<4, 8, 8>, ReLU, AdaptiveAvgPool2d<65536>, Flatten>;
#endif

using Output = output_t<Net>;
inline constexpr auto work = multiply_adds<Net>;
