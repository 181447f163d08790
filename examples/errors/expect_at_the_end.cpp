// An Expect as the last word on what a network makes.
// expect: shape_error<layer<2>, Expect<Shape<10>>, got<11>, fix::change_this_layer_or_the_Expect_after_it>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<1, 8, 8>, ReLU, Flatten, Linear<10>, Expect<Shape<10>>>;
#else
using Net = Sequential<Input<1, 8, 8>, ReLU, Flatten, Linear<11>, Expect<Shape<10>>>;
#endif

inline auto table() { return summary<Net>(); }
static_assert(outputs<Net, Shape<10>>);
