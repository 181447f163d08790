// More output values than an int counts.
// expect: shape_error<layer<1>, Conv2d<4096, Kernel<1>>, got<4, 1024, 1024>, fix::make_the_output_smaller_than_2_to_the_31>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<4, 1024, 1024>, ReLU, Conv2d<1024, Kernel<1>>>;
#else
using Net = Sequential<Input<4, 1024, 1024>, ReLU, Conv2d<4096, Kernel<1>>, ReLU>;
#endif

inline constexpr auto parameters = parameter_count<Net>;
using After0 = output_of<Net, 0>;
inline auto table() { return summary<Net>(); }
