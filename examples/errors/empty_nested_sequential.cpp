// An empty Sequential among the layers.
// expect: shape_error<layer<1>, Sequential<>, got<1, 8, 8>, fix::put_a_layer_in_it>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<1, 8, 8>, ReLU, Sequential<ReLU>>;
#else
using Net = Sequential<Input<1, 8, 8>, ReLU, Sequential<>>;
#endif

using First = output_of<Net, 0>;
using Output = output_t<Net>;
using Arriving = input_t<Net>;
