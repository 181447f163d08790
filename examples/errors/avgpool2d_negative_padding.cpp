// A Padding below 0, in one direction.
// expect: shape_error<layer<1>, AvgPool2d<Kernel<2>, Padding<0, -1>>, got<4, 8, 8>, fix::make_the_Padding_0_or_more>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<4, 8, 8>, ReLU, AvgPool2d<Kernel<2>, Padding<0, 1>>>;
#else
using Net = Sequential<Input<4, 8, 8>, ReLU, AvgPool2d<Kernel<2>, Padding<0, -1>>>;
#endif

inline constexpr auto work = multiply_adds<Net>;
using Output = output_t<Net>;
