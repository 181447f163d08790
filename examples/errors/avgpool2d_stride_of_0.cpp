// A Stride that never moves, in one direction.
// expect: shape_error<layer<1>, AvgPool2d<Kernel<2>, Stride<2, 0>>, got<4, 8, 8>, fix::make_the_Stride_at_least_1>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<4, 8, 8>, ReLU, AvgPool2d<Kernel<2>, Stride<2, 1>>>;
#else
using Net = Sequential<Input<4, 8, 8>, ReLU, AvgPool2d<Kernel<2>, Stride<2, 0>>>;
#endif

static_assert(outputs<Net, Shape<4, 4, 7>>);
