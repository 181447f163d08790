// A part is Frozen, but a layer before it is trained: its gradient would have to pass the part.
// expect: shape_error<layer<2>, Linear<5>,
// expect: got<6>, fix::freeze_what_is_before_it_too>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<4>, Frozen<Linear<6>>, ReLU, Frozen<Linear<5>>, Linear<2>>;
#else
using Net = Sequential<Input<4>, Linear<6>, ReLU, Frozen<Linear<5>>, Linear<2>>;
#endif

static_assert(outputs<Net, Shape<2>>);
using Output = output_t<Net>;
inline constexpr auto parameters = parameter_count<Net>;
