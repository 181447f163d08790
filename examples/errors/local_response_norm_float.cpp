// Real numbers are written as a std::ratio.
// expect: shape_error<layer<1>, LocalResponseNorm<Size<5>, Beta<float>>, got<4, 8, 8>, fix::give_Alpha_Beta_and_K_a_std_ratio>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<4, 8, 8>, ReLU, LocalResponseNorm<Size<5>, Beta<std::ratio<3, 4>>>>;
#else
using Net = Sequential<Input<4, 8, 8>, ReLU, LocalResponseNorm<Size<5>, Beta<float>>>;
#endif

using Output = output_t<Net>;
inline constexpr auto work = multiply_adds<Net>;
