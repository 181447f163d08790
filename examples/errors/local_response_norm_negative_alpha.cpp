// A negative Alpha.
// expect: shape_error<layer<1>, LocalResponseNorm<Size<5>, Alpha<std::ratio<-1, 100>>>, got<4, 8, 8>, fix::make_Alpha_and_Beta_0_or_more>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<4, 8, 8>, ReLU, LocalResponseNorm<Size<5>, Alpha<std::ratio<1, 100>>>>;
#else
using Net =
    Sequential<Input<4, 8, 8>, ReLU, LocalResponseNorm<Size<5>, Alpha<std::ratio<-1, 100>>>>;
#endif

inline auto table() { return summary<Net>(); }
static_assert(outputs<Net, Shape<4, 8, 8>>);
