// An option that Conv2d does not take.
// expect: shape_error<layer<1>, Conv2d<4, Kernel<3>, Percent<50>>, got<4, 8, 8>, fix::remove_the_option_it_does_not_take>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<4, 8, 8>, ReLU, Conv2d<4, Kernel<3>>>;
#else
using Net = Sequential<Input<4, 8, 8>, ReLU, Conv2d<4, Kernel<3>, Percent<50>>>;
#endif

inline constexpr auto parameters = parameter_count<Net>;
inline constexpr auto work = multiply_adds<Net>;
static_assert(outputs<Net, Shape<4, 6, 6>>);
