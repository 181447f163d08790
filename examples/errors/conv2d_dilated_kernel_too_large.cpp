// What a dilated Kernel looks at reaches past the padded input.
// expect: shape_error<layer<1>, Conv2d<4, Kernel<3>, Dilation<4>>, got<4, 8, 8>, fix::make_the_Kernel_fit_the_padded_input>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<4, 8, 8>, ReLU, Conv2d<4, Kernel<3>, Dilation<3>>>;
#else
using Net = Sequential<Input<4, 8, 8>, ReLU, Conv2d<4, Kernel<3>, Dilation<4>>>;
#endif

static_assert(outputs<Net, Shape<4, 2, 2>>);
using Output = output_t<Net>;
inline constexpr auto work = multiply_adds<Net>;
