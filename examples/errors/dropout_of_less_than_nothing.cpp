// A rate below 0.
// expect: shape_error<layer<1>, Dropout<Percent<-50>>, got<64>, fix::make_the_rate_at_least_0_and_below_1>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<64>, ReLU, Dropout<Percent<50>>>;
#else
using Net = Sequential<Input<64>, ReLU, Dropout<Percent<-50>>>;
#endif

inline constexpr auto parameters = parameter_count<Net>;
using Output = output_t<Net>;
