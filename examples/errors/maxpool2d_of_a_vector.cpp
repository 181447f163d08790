// A pool needs channels, height and width: it comes before Flatten.
// expect: shape_error<layer<1>, MaxPool2d<Kernel<2>>, got<64>, fix::give_it_channels_height_width>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<4, 8, 8>, ReLU, MaxPool2d<Kernel<2>>>;
#else
using Net = Sequential<Input<64>, ReLU, MaxPool2d<Kernel<2>>>;
#endif

inline auto table() { return summary<Net>(); }
static_assert(outputs<Net, Shape<4, 4, 4>>);
