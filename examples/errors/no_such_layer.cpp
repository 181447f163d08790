// output_of names a layer that is not there.
// expect: shape_error<layer<2>, Sequential<
// expect: got<>, fix::name_a_layer_that_exists>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<1, 8, 8>, ReLU, ReLU, Flatten>;
#else
using Net = Sequential<Input<1, 8, 8>, ReLU, Flatten>;
#endif

using After = output_of<Net, 2>;
using Again = output_of<Net, 2>;
