// It runs over channels: it comes before Flatten.
// expect: shape_error<layer<1>, LocalResponseNorm<Size<5>>, got<64>, fix::give_it_channels_height_width>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<4, 8, 8>, ReLU, LocalResponseNorm<Size<5>>>;
#else
using Net = Sequential<Input<64>, ReLU, LocalResponseNorm<Size<5>>>;
#endif

static_assert(outputs<Net, Shape<4, 8, 8>>);
