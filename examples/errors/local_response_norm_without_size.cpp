// How many channels it runs over must be said.
// expect: shape_error<layer<1>, LocalResponseNorm<>, got<4, 8, 8>, fix::add_a_Size>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<4, 8, 8>, ReLU, LocalResponseNorm<Size<5>>>;
#else
using Net = Sequential<Input<4, 8, 8>, ReLU, LocalResponseNorm<>>;
#endif

static_assert(outputs<Net, Shape<4, 8, 8>>);
using Output = output_t<Net>;
inline constexpr auto parameters = parameter_count<Net>;
