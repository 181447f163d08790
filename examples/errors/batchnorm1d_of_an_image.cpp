// BatchNorm1d is for features, or channels of some length; of an image it is BatchNorm2d.
// expect: shape_error<layer<1>, BatchNorm1d<>, got<4, 6, 6>, fix::give_it_features_or_channels_and_length>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<3, 8, 8>, Conv2d<4, Kernel<3>>, BatchNorm2d<>>;
#else
using Net = Sequential<Input<3, 8, 8>, Conv2d<4, Kernel<3>>, BatchNorm1d<>>;
#endif

inline constexpr auto parameters = parameter_count<Net>;
using Arriving = input_t<Net>;
