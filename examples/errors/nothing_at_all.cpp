// An empty Sequential.
// expect: shape_error<layer<0>, Sequential<>, got<>, fix::put_a_layer_in_it>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<1, 8, 8>, ReLU>;
#else
using Net = Sequential<>;
#endif

inline constexpr auto parameters = parameter_count<Net>;
inline constexpr auto work = multiply_adds<Net>;
static_assert(outputs<Net, Shape<1, 8, 8>>);
