// An option given twice.
// expect: shape_error<layer<1>, LocalResponseNorm<Size<5>, Size<3>>, got<4, 8, 8>, fix::give_each_option_once>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<4, 8, 8>, ReLU, LocalResponseNorm<Size<5>>>;
#else
using Net = Sequential<Input<4, 8, 8>, ReLU, LocalResponseNorm<Size<5>, Size<3>>>;
#endif

static_assert(outputs<Net, Shape<4, 8, 8>>);
