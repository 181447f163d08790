// An option given twice.
// expect: shape_error<layer<1>, Linear<10, In<64>, In<64>>, got<64>, fix::give_each_option_once>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<64>, ReLU, Linear<10, In<64>>>;
#else
using Net = Sequential<Input<64>, ReLU, Linear<10, In<64>, In<64>>>;
#endif

inline constexpr auto parameters = parameter_count<Net>;
inline constexpr auto work = multiply_adds<Net>;
static_assert(outputs<Net, Shape<10>>);
