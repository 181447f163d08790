// Expect names the layer before it: there the shape arose.
// expect: shape_error<layer<0>, Expect<Shape<96, 54, 54>>, got<96, 55, 55>, fix::change_this_layer_or_the_Expect_after_it>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<1, 224, 224>, Conv2d<96, Kernel<11>, Stride<4>, Padding<1>>,
                       Expect<Shape<96, 54, 54>>, ReLU>;
#else
using Net = Sequential<Input<1, 224, 224>, Conv2d<96, Kernel<11>, Stride<4>, Padding<2>>,
                       Expect<Shape<96, 54, 54>>, ReLU>;
#endif

static_assert(outputs<Net, Shape<96, 54, 54>>);
using Output = output_t<Net>;
inline constexpr auto parameters = parameter_count<Net>;
