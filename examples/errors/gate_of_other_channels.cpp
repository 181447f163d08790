// A gate has one value for each of x's, or one for all of them along an extent; here it has as many
// as there are reduced channels.
// expect: shape_error<layer<0>, branch<0>, got<2, 1, 1>, fix::make_each_extent_of_the_branch_1_or_that_of<8, 16, 16>>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
inline constexpr int channels = 8;
#else
inline constexpr int channels = 2;
#endif
using Squeeze = Sequential<AdaptiveAvgPool2d<1>, Conv2d<2, Kernel<1>>, ReLU>;
using Excite = Sequential<Conv2d<channels, Kernel<1>>, Sigmoid>;
using Net = Sequential<Input<8, 16, 16>, Gate<Sequential<Squeeze, Excite>>>;

using Output = output_t<Net>;
inline auto table() { return summary<Net>(); }
