// Nothing stands between the Input and this Expect.
// expect: shape_error<Input<1, 8, 9>, Expect<Shape<1, 8, 8>>, got<1, 8, 9>, fix::change_this_layer_or_the_Expect_after_it>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<1, 8, 8>, Expect<Shape<1, 8, 8>>, ReLU>;
#else
using Net = Sequential<Input<1, 8, 9>, Expect<Shape<1, 8, 8>>, ReLU>;
#endif

inline constexpr auto parameters = parameter_count<Net>;
inline constexpr auto work = multiply_adds<Net>;
static_assert(outputs<Net, Shape<1, 8, 8>>);
