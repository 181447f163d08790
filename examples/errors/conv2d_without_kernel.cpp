// Conv2d has no Kernel by default.
// expect: shape_error<layer<1>, Conv2d<4>, got<4, 8, 8>, fix::add_a_Kernel>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<4, 8, 8>, ReLU, Conv2d<4, Kernel<3>>>;
#else
using Net = Sequential<Input<4, 8, 8>, ReLU, Conv2d<4>>;
#endif

inline auto table() { return summary<Net>(); }
static_assert(outputs<Net, Shape<4, 6, 6>>);
