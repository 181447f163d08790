// A Concat needs a branch.
// expect: shape_error<layer<0>, Concat<>, got<3, 16, 16>, fix::put_a_layer_in_it>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<3, 16, 16>, Concat<Identity>>;
#else
using Net = Sequential<Input<3, 16, 16>, Concat<>>;
#endif

using Output = output_t<Net>;
inline auto table() { return summary<Net>(); }
