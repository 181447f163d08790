// Two layers of one Sequential under one name: their parameters would be one.
// expect: shape_error<layer<2>, ReLU,
// expect: got<1, 8, 8>, fix::give_each_layer_its_own_name>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<1, 8, 8>, Named<"a", ReLU>, Tanh, Named<"b", ReLU>>;
#else
using Net = Sequential<Input<1, 8, 8>, Named<"a", ReLU>, Tanh, Named<"a", ReLU>>;
#endif

static_assert(outputs<Net, Shape<1, 8, 8>>);
using Output = output_t<Net>;
inline constexpr auto parameters = parameter_count<Net>;
