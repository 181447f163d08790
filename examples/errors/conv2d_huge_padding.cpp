// Padding beyond what an int counts.
// expect: shape_error<layer<1>, Conv2d<4, Kernel<3>, Padding<1073741824>>, got<4, 8, 8>, fix::make_the_padded_input_smaller_than_2_to_the_31>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<4, 8, 8>, ReLU, Conv2d<4, Kernel<3>, Padding<1>>>;
#else
using Net = Sequential<Input<4, 8, 8>, ReLU, Conv2d<4, Kernel<3>, Padding<1073741824>>>;
#endif

inline constexpr auto work = multiply_adds<Net>;
using Output = output_t<Net>;
