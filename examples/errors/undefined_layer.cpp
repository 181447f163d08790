// A layer that is only declared: its header is missing.
// expect: shape_error<layer<1>, Swish, got<4, 8, 8>, fix::use_a_layer_type_here>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
struct Swish : elementwise {};
#else
struct Swish;
#endif

using Net = Sequential<Input<4, 8, 8>, ReLU, Swish, ReLU>;
static_assert(outputs<Net, Shape<4, 8, 8>>);
using Output = output_t<Net>;
inline constexpr auto work = multiply_adds<Net>;
