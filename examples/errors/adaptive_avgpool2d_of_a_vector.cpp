// An adaptive pool needs channels, height and width.
// expect: shape_error<layer<1>, AdaptiveAvgPool2d<4>, got<64>, fix::give_it_channels_height_width>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<4, 8, 8>, ReLU, AdaptiveAvgPool2d<4>>;
#else
using Net = Sequential<Input<64>, ReLU, AdaptiveAvgPool2d<4>>;
#endif

inline auto table() { return summary<Net>(); }
static_assert(outputs<Net, Shape<4, 4, 4>>);
