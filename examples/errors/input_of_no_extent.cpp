// An extent of 0 or less.
// expect: shape_error<Input<1, 0, 8>, Input<1, 0, 8>, got<1, 0, 8>, fix::make_the_extents_at_least_1>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<1, 8, 8>, Flatten>;
#else
using Net = Sequential<Input<1, 0, 8>, Flatten>;
#endif

static_assert(outputs<Net, Shape<64>>);
