// A Dilation that never moves.
// expect: shape_error<layer<1>, Conv2d<4, Kernel<3>, Dilation<0>>, got<4, 8, 8>, fix::make_the_Dilation_at_least_1>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<4, 8, 8>, ReLU, Conv2d<4, Kernel<3>, Dilation<1>>>;
#else
using Net = Sequential<Input<4, 8, 8>, ReLU, Conv2d<4, Kernel<3>, Dilation<0>>>;
#endif

static_assert(outputs<Net, Shape<4, 6, 6>>);
inline constexpr auto parameters = parameter_count<Net>;
