// An Input of 2^31 values or more.
// expect: shape_error<Input<3, 65536, 65536>, Input<3, 65536, 65536>, got<3, 65536, 65536>, fix::make_the_Input_smaller_than_2_to_the_31>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<1, 8, 8>, ReLU>;
#else
using Net = Sequential<Input<3, 65536, 65536>, ReLU>;
#endif

static_assert(outputs<Net, Shape<1, 8, 8>>);
using Output = output_t<Net>;
inline constexpr auto parameters = parameter_count<Net>;
