// A layer alone is no network.
// expect: shape_error<layer<0>, ReLU, got<>, fix::put_Input_first>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<1, 8, 8>, ReLU>;
#else
using Net = ReLU;
#endif

inline constexpr auto parameters = parameter_count<Net>;
inline constexpr auto work = multiply_adds<Net>;
static_assert(outputs<Net, Shape<1, 8, 8>>);
