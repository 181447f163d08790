// A type that is no layer, inside a nested Sequential.
// expect: shape_error<layer<1, 1>, std::
// expect: got<4, 8, 8>, fix::use_a_layer_type_here>
#include <string>

#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<4, 8, 8>, ReLU, Sequential<ReLU, Tanh>>;
#else
using Net = Sequential<Input<4, 8, 8>, ReLU, Sequential<ReLU, std::string>>;
#endif

using Output = output_t<Net>;
inline auto table() { return summary<Net>(); }
