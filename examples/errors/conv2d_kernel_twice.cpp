// An option given twice.
// expect: shape_error<layer<1>, Conv2d<4, Kernel<3>, Kernel<5>>, got<4, 8, 8>, fix::give_each_option_once>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<4, 8, 8>, ReLU, Conv2d<4, Kernel<3>>>;
#else
using Net = Sequential<Input<4, 8, 8>, ReLU, Conv2d<4, Kernel<3>, Kernel<5>>>;
#endif

static_assert(outputs<Net, Shape<4, 6, 6>>);
using Output = output_t<Net>;
inline constexpr auto parameters = parameter_count<Net>;
