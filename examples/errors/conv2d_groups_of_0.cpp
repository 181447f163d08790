// No groups.
// expect: shape_error<layer<1>, Conv2d<4, Kernel<3>, Groups<0>>, got<4, 8, 8>, fix::make_the_Groups_at_least_1>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<4, 8, 8>, ReLU, Conv2d<4, Kernel<3>, Groups<1>>>;
#else
using Net = Sequential<Input<4, 8, 8>, ReLU, Conv2d<4, Kernel<3>, Groups<0>>>;
#endif

inline auto table() { return summary<Net>(); }
static_assert(outputs<Net, Shape<4, 6, 6>>);
