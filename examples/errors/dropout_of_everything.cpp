// Dropping all of it leaves nothing to learn from.
// expect: shape_error<layer<1>, Dropout<Percent<100>>, got<64>, fix::make_the_rate_at_least_0_and_below_1>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<64>, ReLU, Dropout<Percent<10>>>;
#else
using Net = Sequential<Input<64>, ReLU, Dropout<Percent<100>>>;
#endif

using First = output_of<Net, 0>;
using Output = output_t<Net>;
using Arriving = input_t<Net>;
