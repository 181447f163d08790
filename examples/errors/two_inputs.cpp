// The Input stands first, and only there.
// expect: shape_error<layer<1>, Input<1, 8, 8>, got<1, 8, 8>, fix::Input_belongs_first>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<1, 8, 8>, ReLU, ReLU>;
#else
using Net = Sequential<Input<1, 8, 8>, ReLU, Input<1, 8, 8>, ReLU>;
#endif

inline auto table() { return summary<Net>(); }
static_assert(outputs<Net, Shape<1, 8, 8>>);
