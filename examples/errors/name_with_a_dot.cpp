// A name becomes part of parameter names, where a dot separates.
// expect: shape_error<layer<0>, called<
// expect: >, got<1, 8, 8>, fix::give_it_a_name_of_letters_digits_and_underscores>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<1, 8, 8>, Named<"act_1", ReLU>>;
#else
using Net = Sequential<Input<1, 8, 8>, Named<"act.1", ReLU>>;
#endif

inline auto table() { return summary<Net>(); }
static_assert(outputs<Net, Shape<1, 8, 8>>);
