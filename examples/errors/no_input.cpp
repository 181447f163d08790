// A network must say what arrives.
// expect: shape_error<layer<0>, Flatten, got<>, fix::put_Input_first>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<1, 8, 8>, Flatten, Linear<10>>;
#else
using Net = Sequential<Flatten, Linear<10>>;
#endif

static_assert(outputs<Net, Shape<10>>);
using Output = output_t<Net>;
inline constexpr auto parameters = parameter_count<Net>;
