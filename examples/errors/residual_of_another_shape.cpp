// The body makes another shape than x, which is what it is added to: the stride needs a shortcut
// that has it, too.
// expect: shape_error<layer<1>, branch<0>, got<8, 8, 8>, fix::make_the_branches_the_same_shape<8, 16, 16>>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Body = Sequential<Conv2d<8, Kernel<3>, Padding<1>>, BatchNorm2d<>, ReLU>;
#else
using Body = Sequential<Conv2d<8, Kernel<3>, Padding<1>, Stride<2>>, BatchNorm2d<>, ReLU>;
#endif
using Net = Sequential<Input<3, 16, 16>, Conv2d<8, Kernel<3>, Padding<1>>, Residual<Body>, ReLU>;

using Output = output_t<Net>;
inline constexpr auto parameters = parameter_count<Net>;
inline auto table() { return summary<Net>(); }
