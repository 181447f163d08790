// A mistake within a branch is named as one of any other layer, by its place.
// expect: shape_error<layer<1, 1>, Linear<8>, got<8, 16, 16>, fix::put_Flatten_before_it>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Body = Sequential<Conv2d<8, Kernel<3>, Padding<1>>, ReLU>;
#else
using Body = Sequential<Conv2d<8, Kernel<3>, Padding<1>>, Linear<8>>;
#endif
using Net = Sequential<Input<8, 16, 16>, ReLU, Residual<Body>>;

using Output = output_t<Net>;
inline auto table() { return summary<Net>(); }
