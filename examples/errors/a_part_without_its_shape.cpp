// A part has no Input of its own: say what arrives, output_t<Part, Shape<...>>.
// expect: shape_error<layer<0>, Conv2d<8, Kernel<3>>, got<>, fix::put_Input_first>
#include <tnn/tnn.hpp>

using namespace tnn;

using Part = Sequential<Conv2d<8, Kernel<3>>, ReLU>;

#ifdef GOOD
using Output = output_t<Part, Shape<3, 8, 8>>;
#else
using Output = output_t<Part>;
#endif

using Again = Output;
