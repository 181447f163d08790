// Body and shortcut add no level to names: both weights would be 0.weight.
// expect: shape_error<layer<0>, Conv2d<8, Kernel<1>>, got<3, 16, 16>, fix::give_each_layer_its_own_name>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<3, 16, 16>, Residual<Conv2d<8, Kernel<3>, Padding<1>>,
                                                  Named<"downsample", Conv2d<8, Kernel<1>>>>>;
#else
using Net =
    Sequential<Input<3, 16, 16>, Residual<Conv2d<8, Kernel<3>, Padding<1>>, Conv2d<8, Kernel<1>>>>;
#endif

using Output = output_t<Net>;
inline auto table() { return summary<Net>(); }
