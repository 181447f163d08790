// With K 0 it would divide by 0 where all is dark.
// expect: shape_error<layer<1>, LocalResponseNorm<Size<5>, K<std::ratio<0, 1>>>, got<4, 8, 8>, fix::make_K_positive>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<4, 8, 8>, ReLU, LocalResponseNorm<Size<5>, K<std::ratio<2>>>>;
#else
using Net = Sequential<Input<4, 8, 8>, ReLU, LocalResponseNorm<Size<5>, K<std::ratio<0, 1>>>>;
#endif

using First = output_of<Net, 0>;
using Output = output_t<Net>;
using Arriving = input_t<Net>;
