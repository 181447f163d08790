// An option given twice.
// expect: shape_error<layer<1>, MaxPool2d<Kernel<2>, Stride<2>, Stride<1>>, got<4, 8, 8>, fix::give_each_option_once>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<4, 8, 8>, ReLU, MaxPool2d<Kernel<2>, Stride<2>>>;
#else
using Net = Sequential<Input<4, 8, 8>, ReLU, MaxPool2d<Kernel<2>, Stride<2>, Stride<1>>>;
#endif

inline constexpr auto parameters = parameter_count<Net>;
inline constexpr auto work = multiply_adds<Net>;
static_assert(outputs<Net, Shape<4, 4, 4>>);
