// The shortcut has the stride, but not the channels of the body.
// expect: shape_error<layer<0>, branch<1>, got<6, 8, 8>, fix::make_the_branches_the_same_shape<8, 8, 8>>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
inline constexpr int channels = 8;
#else
inline constexpr int channels = 6;
#endif
using Body = Sequential<Conv2d<8, Kernel<3>, Padding<1>, Stride<2>>, BatchNorm2d<>, ReLU>;
using Shortcut = Named<"downsample", Conv2d<channels, Kernel<1>, Stride<2>>>;
using Net = Sequential<Input<3, 16, 16>, Residual<Body, Shortcut>>;

using Output = output_t<Net>;
inline auto table() { return summary<Net>(); }
