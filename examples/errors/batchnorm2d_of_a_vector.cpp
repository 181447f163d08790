// BatchNorm2d is for images: of a flat sample it is BatchNorm1d.
// expect: shape_error<layer<1>, BatchNorm2d<>, got<10>, fix::give_it_channels_height_width>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<12>, Linear<10>, BatchNorm1d<>>;
#else
using Net = Sequential<Input<12>, Linear<10>, BatchNorm2d<>>;
#endif

using Output = output_t<Net>;
inline auto table() { return summary<Net>(); }
