// Nothing but an Input.
// expect: shape_error<Input<1, 8, 8>, Sequential<Input<1, 8, 8>>, got<1, 8, 8>, fix::put_a_layer_in_it>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<1, 8, 8>, ReLU>;
#else
using Net = Sequential<Input<1, 8, 8>>;
#endif

static_assert(outputs<Net, Shape<1, 8, 8>>);
using Output = output_t<Net>;
inline constexpr auto parameters = parameter_count<Net>;
