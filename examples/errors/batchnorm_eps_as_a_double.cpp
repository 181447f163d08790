// Eps and Momentum are std::ratio, not types of numbers.
// expect: shape_error<layer<0>, BatchNorm1d<Eps<double>>, got<5>, fix::give_Eps_and_Momentum_a_std_ratio>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<5>, BatchNorm1d<Eps<std::ratio<1, 1000>>>>;
#else
using Net = Sequential<Input<5>, BatchNorm1d<Eps<double>>>;
#endif

using Output = output_t<Net>;
inline auto table() { return summary<Net>(); }
