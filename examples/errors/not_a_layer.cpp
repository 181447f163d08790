// A type that is no layer.
// expect: shape_error<layer<1>, int, got<1, 8, 8>, fix::use_a_layer_type_here>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<1, 8, 8>, ReLU, Tanh>;
#else
using Net = Sequential<Input<1, 8, 8>, ReLU, int>;
#endif

inline constexpr auto parameters = parameter_count<Net>;
inline constexpr auto work = multiply_adds<Net>;
static_assert(outputs<Net, Shape<1, 8, 8>>);
