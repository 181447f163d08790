// A Linear has no Kernel.
// expect: shape_error<layer<1>, Linear<10, Kernel<3>>, got<64>, fix::remove_the_option_it_does_not_take>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<64>, ReLU, Linear<10>>;
#else
using Net = Sequential<Input<64>, ReLU, Linear<10, Kernel<3>>>;
#endif

static_assert(outputs<Net, Shape<10>>);
using Output = output_t<Net>;
inline constexpr auto parameters = parameter_count<Net>;
