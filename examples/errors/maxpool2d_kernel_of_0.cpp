// A Kernel of no size.
// expect: shape_error<layer<1>, MaxPool2d<Kernel<0>>, got<4, 8, 8>, fix::make_the_Kernel_at_least_1>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<4, 8, 8>, ReLU, MaxPool2d<Kernel<2>>>;
#else
using Net = Sequential<Input<4, 8, 8>, ReLU, MaxPool2d<Kernel<0>>>;
#endif

using Output = output_t<Net>;
inline constexpr auto parameters = parameter_count<Net>;
