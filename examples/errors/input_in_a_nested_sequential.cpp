// A nested Sequential takes what the layer before it makes.
// expect: shape_error<layer<1, 0>, Input<1, 8, 8>, got<1, 8, 8>, fix::Input_belongs_first>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<1, 8, 8>, ReLU, Sequential<ReLU>>;
#else
using Net = Sequential<Input<1, 8, 8>, ReLU, Sequential<Input<1, 8, 8>, ReLU>>;
#endif

static_assert(outputs<Net, Shape<1, 8, 8>>);
