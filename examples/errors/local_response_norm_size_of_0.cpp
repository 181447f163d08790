// It runs over at least one channel.
// expect: shape_error<layer<1>, LocalResponseNorm<Size<0>>, got<4, 8, 8>, fix::make_the_Size_at_least_1>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<4, 8, 8>, ReLU, LocalResponseNorm<Size<5>>>;
#else
using Net = Sequential<Input<4, 8, 8>, ReLU, LocalResponseNorm<Size<0>>>;
#endif

inline constexpr auto parameters = parameter_count<Net>;
inline constexpr auto work = multiply_adds<Net>;
static_assert(outputs<Net, Shape<4, 8, 8>>);
