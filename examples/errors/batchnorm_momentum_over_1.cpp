// Momentum is the share of the batch in the running statistics.
// expect: shape_error<layer<0>, BatchNorm1d<Momentum<std::ratio<3, 2>>>, got<5>, fix::make_the_Momentum_between_0_and_1>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<5>, BatchNorm1d<Momentum<std::ratio<1, 2>>>>;
#else
using Net = Sequential<Input<5>, BatchNorm1d<Momentum<std::ratio<3, 2>>>>;
#endif

using Output = output_t<Net>;
inline auto table() { return summary<Net>(); }
