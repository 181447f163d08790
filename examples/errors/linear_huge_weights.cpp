// More weights than an int counts: pool before it.
// expect: shape_error<layer<1>, Linear<65536>, got<65536>, fix::make_the_weights_smaller_than_2_to_the_31>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net =
    Sequential<Input<256, 16, 16>, Sequential<AdaptiveAvgPool2d<2>, Flatten>, Linear<65536>>;
#else
using Net = Sequential<Input<256, 16, 16>, Flatten, Linear<65536>, ReLU>;
#endif

inline constexpr auto parameters = parameter_count<Net>;
static_assert(outputs<Net, Shape<65536>>);
