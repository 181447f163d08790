// The slope is a std::ratio.
// expect: shape_error<layer<1>, LeakyReLU<float>, got<10>, fix::give_the_slope_as_a_std_ratio>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<12>, Linear<10>, LeakyReLU<std::ratio<1, 5>>>;
#else
using Net = Sequential<Input<12>, Linear<10>, LeakyReLU<float>>;
#endif

inline constexpr auto parameters = parameter_count<Net>;
using Arriving = input_t<Net>;
