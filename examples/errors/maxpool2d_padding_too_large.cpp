// As in PyTorch, a pool's Padding is at most half of its Kernel.
// expect: shape_error<layer<1>, MaxPool2d<Kernel<3>, Stride<2>, Padding<2>>, got<4, 8, 8>, fix::make_the_Padding_at_most_half_the_Kernel>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<4, 8, 8>, ReLU, MaxPool2d<Kernel<3>, Stride<2>, Padding<1>>>;
#else
using Net = Sequential<Input<4, 8, 8>, ReLU, MaxPool2d<Kernel<3>, Stride<2>, Padding<2>>>;
#endif

static_assert(outputs<Net, Shape<4, 4, 4>>);
