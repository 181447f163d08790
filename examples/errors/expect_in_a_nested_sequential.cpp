// Inside a nested Sequential the layer before is I.J.
// expect: shape_error<layer<1, 0>, Expect<Shape<4, 6, 5>>, got<4, 6, 6>, fix::change_this_layer_or_the_Expect_after_it>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net =
    Sequential<Input<1, 8, 8>, ReLU, Sequential<Conv2d<4, Kernel<3>>, Expect<Shape<4, 6, 6>>>>;
#else
using Net =
    Sequential<Input<1, 8, 8>, ReLU, Sequential<Conv2d<4, Kernel<3>>, Expect<Shape<4, 6, 5>>>>;
#endif

using First = output_of<Net, 0>;
using Output = output_t<Net>;
using Arriving = input_t<Net>;
