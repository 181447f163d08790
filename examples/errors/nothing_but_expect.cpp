// Expect does no work: a network of it has no layer.
// expect: shape_error<Input<64>, Sequential<Input<64>, Expect<Shape<64>>>, got<64>, fix::put_a_layer_in_it>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<64>, Expect<Shape<64>>, Linear<64>>;
#else
using Net = Sequential<Input<64>, Expect<Shape<64>>>;
#endif

static_assert(outputs<Net, Shape<64>>);
inline constexpr auto parameters = parameter_count<Net>;
