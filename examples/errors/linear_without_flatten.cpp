// AlexNet without its Flatten: a Linear receives channels, height and width.
// expect: shape_error<layer<13>, Linear<4096>, got<256, 5, 5>, fix::put_Flatten_before_it>
#include <tnn/reference.hpp>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<1, 224, 224>,                                   //
                       Conv2d<96, Kernel<11>, Stride<4>, Padding<1>>, ReLU,  //
                       MaxPool2d<Kernel<3>, Stride<2>>,                      //
                       Conv2d<256, Kernel<5>, Padding<2>>, ReLU,             //
                       MaxPool2d<Kernel<3>, Stride<2>>,                      //
                       Conv2d<384, Kernel<3>, Padding<1>>, ReLU,             //
                       Conv2d<384, Kernel<3>, Padding<1>>, ReLU,             //
                       Conv2d<256, Kernel<3>, Padding<1>>, ReLU,             //
                       MaxPool2d<Kernel<3>, Stride<2>>,                      //
                       Flatten, Linear<4096>, ReLU, Dropout<Percent<50>>,    //
                       Linear<4096>, ReLU, Dropout<Percent<50>>,             //
                       Linear<10>>;
#else
using Net = Sequential<Input<1, 224, 224>,                                   //
                       Conv2d<96, Kernel<11>, Stride<4>, Padding<1>>, ReLU,  //
                       MaxPool2d<Kernel<3>, Stride<2>>,                      //
                       Conv2d<256, Kernel<5>, Padding<2>>, ReLU,             //
                       MaxPool2d<Kernel<3>, Stride<2>>,                      //
                       Conv2d<384, Kernel<3>, Padding<1>>, ReLU,             //
                       Conv2d<384, Kernel<3>, Padding<1>>, ReLU,             //
                       Conv2d<256, Kernel<3>, Padding<1>>, ReLU,             //
                       MaxPool2d<Kernel<3>, Stride<2>>,                      //
                       Linear<4096>, ReLU, Dropout<Percent<50>>,             //
                       Linear<4096>, ReLU, Dropout<Percent<50>>,             //
                       Linear<10>>;
#endif

// Any or all of these give the one error.
static_assert(outputs<Net, Shape<10>>);
using Output = output_t<Net>;
using After12 = output_of<Net, 12>;
inline constexpr auto parameters = parameter_count<Net>;
inline constexpr auto work = multiply_adds<Net>;
inline auto table() { return summary<Net>(); }
void run(std::span<float> images, std::span<float> logits) {
  Model<Net, Reference> model{{}, {.capacity = 1, .seed = 1}};
  model.forward(images, logits);
  model.read("0.weight", logits);
}
