// A pool has no Groups.
// expect: shape_error<layer<1>, AvgPool2d<Kernel<2>, Groups<2>>, got<4, 8, 8>, fix::remove_the_option_it_does_not_take>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<4, 8, 8>, ReLU, AvgPool2d<Kernel<2>>>;
#else
using Net = Sequential<Input<4, 8, 8>, ReLU, AvgPool2d<Kernel<2>, Groups<2>>>;
#endif

static_assert(outputs<Net, Shape<4, 4, 4>>);
using Output = output_t<Net>;
inline constexpr auto parameters = parameter_count<Net>;
