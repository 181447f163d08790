// A negative Beta.
// expect: shape_error<layer<1>, LocalResponseNorm<Beta<std::ratio<-3, 4>>, Size<5>>, got<4, 8, 8>, fix::make_Alpha_and_Beta_0_or_more>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<4, 8, 8>, ReLU, LocalResponseNorm<Beta<std::ratio<3, 4>>, Size<5>>>;
#else
using Net = Sequential<Input<4, 8, 8>, ReLU, LocalResponseNorm<Beta<std::ratio<-3, 4>>, Size<5>>>;
#endif

inline constexpr auto parameters = parameter_count<Net>;
