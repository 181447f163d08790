// Branches of a Concat may differ in channels, in nothing else.
// expect: shape_error<layer<0>, branch<1>, got<4, 14, 14>, fix::make_the_branches_the_same_but_for_channels<8, 16, 16>>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Second = Conv2d<4, Kernel<3>, Padding<1>>;
#else
using Second = Conv2d<4, Kernel<3>>;
#endif
using Net = Sequential<Input<3, 16, 16>, Concat<Conv2d<8, Kernel<1>>, Second>, ReLU>;

using Output = output_t<Net>;
inline auto table() { return summary<Net>(); }
