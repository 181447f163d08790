// With Eps 0 a channel of equal values would divide by 0.
// expect: shape_error<layer<0>, BatchNorm2d<Eps<std::ratio<0, 1>>>, got<3, 8, 8>, fix::make_Eps_positive>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<3, 8, 8>, BatchNorm2d<Eps<std::ratio<1, 1000>>>>;
#else
using Net = Sequential<Input<3, 8, 8>, BatchNorm2d<Eps<std::ratio<0, 1>>>>;
#endif

inline constexpr auto parameters = parameter_count<Net>;
using Arriving = input_t<Net>;
