// No filters.
// expect: shape_error<layer<1>, Conv2d<0, Kernel<3>>, got<4, 8, 8>, fix::make_the_filters_at_least_1>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<4, 8, 8>, ReLU, Conv2d<4, Kernel<3>>>;
#else
using Net = Sequential<Input<4, 8, 8>, ReLU, Conv2d<0, Kernel<3>>>;
#endif

inline constexpr auto parameters = parameter_count<Net>;
inline constexpr auto work = multiply_adds<Net>;
static_assert(outputs<Net, Shape<4, 6, 6>>);
