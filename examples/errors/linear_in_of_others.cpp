// In states the features that arrive, and is checked.
// expect: shape_error<layer<1>, Linear<10, In<6400>>, got<64>, fix::set_In_to<64>>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<64>, ReLU, Linear<10, In<64>>>;
#else
using Net = Sequential<Input<64>, ReLU, Linear<10, In<6400>>>;
#endif

static_assert(outputs<Net, Shape<10>>);
