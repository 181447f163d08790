// Each branch fits, but their channels together are no int.
// expect: shape_error<layer<0>, branch<0>, got<1500000000>, fix::make_the_output_smaller_than_2_to_the_31>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<1000000000>, Concat<Identity, Identity>>;
#else
using Net = Sequential<Input<1500000000>, Concat<Identity, Identity>>;
#endif

using Output = output_t<Net>;
