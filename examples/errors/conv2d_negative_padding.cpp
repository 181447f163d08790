// A Padding below 0.
// expect: shape_error<layer<1>, Conv2d<4, Kernel<3>, Padding<-1>>, got<4, 8, 8>, fix::make_the_Padding_0_or_more>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<4, 8, 8>, ReLU, Conv2d<4, Kernel<3>, Padding<0>>>;
#else
using Net = Sequential<Input<4, 8, 8>, ReLU, Conv2d<4, Kernel<3>, Padding<-1>>>;
#endif

static_assert(outputs<Net, Shape<4, 6, 6>>);
