#pragma once
// AlexNet (Krizhevsky, Sutskever and Hinton, 2012, "ImageNet Classification with Deep Convolutional
// Neural Networks"): as d2l.ai teaches it, as it was in 2012, and as torchvision has it.
#include <tnn/tnn.hpp>

namespace tnn {

// [AlexNet]
template <int Classes = 10, int Channels = 1>
using AlexNet = Sequential<                               //     channels x height x width
    Input<Channels, 224, 224>,                            //
    Conv2d<96, Kernel<11>, Stride<4>, Padding<1>>, ReLU,  //  0  96 x 54 x 54
    MaxPool2d<Kernel<3>, Stride<2>>,                      //  2  96 x 26 x 26
    Conv2d<256, Kernel<5>, Padding<2>>, ReLU,             //  3  256 x 26 x 26
    MaxPool2d<Kernel<3>, Stride<2>>,                      //  5  256 x 12 x 12
    Conv2d<384, Kernel<3>, Padding<1>>, ReLU,             //  6  384 x 12 x 12
    Conv2d<384, Kernel<3>, Padding<1>>, ReLU,             //  8  384 x 12 x 12
    Conv2d<256, Kernel<3>, Padding<1>>, ReLU,             // 10  256 x 12 x 12
    MaxPool2d<Kernel<3>, Stride<2>>,                      // 12  256 x 5 x 5
    Flatten,                                              // 13  6400
    Linear<4096>, ReLU, Dropout<Percent<50>>,             // 14  4096
    Linear<4096>, ReLU, Dropout<Percent<50>>,             // 17  4096
    Linear<Classes>>;                                     // 20  one logit a class
// [/AlexNet]

namespace detail {
/// The paper's alpha of 1e-4 multiplies the sum; here, as in PyTorch, alpha is divided by the 5
/// channels of the sum.
using norm_of_2012 = LocalResponseNorm<Size<5>, Alpha<std::ratio<5, 10000>>, Beta<std::ratio<3, 4>>,
                                       K<std::ratio<2>>>;
}  // namespace detail

/// The paper's network. Its two groups of filters were on two GPUs. (Its figure says 224, but
/// without padding only 227 gives the 55 places of the first layer.)
template <int Classes = 1000, int Channels = 3>
using AlexNet2012 = Sequential<                             //
    Input<Channels, 227, 227>,                              //
    Conv2d<96, Kernel<11>, Stride<4>>, ReLU,                //  0  96 x 55 x 55
    detail::norm_of_2012, MaxPool2d<Kernel<3>, Stride<2>>,  //  2  96 x 27 x 27
    Conv2d<256, Kernel<5>, Padding<2>, Groups<2>>, ReLU,    //  4  256 x 27 x 27
    detail::norm_of_2012, MaxPool2d<Kernel<3>, Stride<2>>,  //  6  256 x 13 x 13
    Conv2d<384, Kernel<3>, Padding<1>>, ReLU,               //  8  384 x 13 x 13
    Conv2d<384, Kernel<3>, Padding<1>, Groups<2>>, ReLU,    // 10  384 x 13 x 13
    Conv2d<256, Kernel<3>, Padding<1>, Groups<2>>, ReLU,    // 12  256 x 13 x 13
    MaxPool2d<Kernel<3>, Stride<2>>, Flatten,               // 14  9216
    Linear<4096>, ReLU, Dropout<Percent<50>>,               // 16  4096
    Linear<4096>, ReLU, Dropout<Percent<50>>,               // 19  4096
    Linear<Classes>>;                                       // 22  one logit a class

namespace detail {
/// What AlexNet2012's parameters begin with: weights N(0, .01), those of the two hidden Linear
/// layers N(0, `hidden`); biases 0, but `bias` in the second, fourth and fifth convolution and in
/// the hidden Linear layers.
constexpr Filler filler_of_2012(const ParameterInfo& p, double hidden, double bias) {
  const bool is_hidden = p.layer == 16 || p.layer == 19;
  const bool is_biased = p.layer == 4 || p.layer == 10 || p.layer == 12 || is_hidden;
  return {Filling::normal, is_hidden ? hidden : 0.01, is_biased ? bias : 0};
}
}  // namespace detail

/// As the paper's section 5 has it, and as Caffe's bvlc_alexnet/train_val.prototxt.
inline constexpr Initialisation alexnet2012_initialisation{
    .of = [](const ParameterInfo& p) { return detail::filler_of_2012(p, 0.01, 1); }};
inline constexpr Initialisation caffe_alexnet_initialisation{
    .of = [](const ParameterInfo& p) { return detail::filler_of_2012(p, 0.005, 0.1); }};

/// torchvision.models.alexnet (Krizhevsky 2014, "One weird trick for parallelizing convolutional
/// neural networks"), with its names: its weights load as they are.
template <int Classes = 1000, int Channels = 3>
using TorchvisionAlexNet = Sequential<
    Input<Channels, 224, 224>,
    Named<"features", Sequential<                                               //
                          Conv2d<64, Kernel<11>, Stride<4>, Padding<2>>, ReLU,  //  0  64 x 55 x 55
                          MaxPool2d<Kernel<3>, Stride<2>>,                      //  2  64 x 27 x 27
                          Conv2d<192, Kernel<5>, Padding<2>>, ReLU,             //  3  192 x 27 x 27
                          MaxPool2d<Kernel<3>, Stride<2>>,                      //  5  192 x 13 x 13
                          Conv2d<384, Kernel<3>, Padding<1>>, ReLU,             //  6  384 x 13 x 13
                          Conv2d<256, Kernel<3>, Padding<1>>, ReLU,             //  8  256 x 13 x 13
                          Conv2d<256, Kernel<3>, Padding<1>>, ReLU,             // 10  256 x 13 x 13
                          MaxPool2d<Kernel<3>, Stride<2>>>>,                    // 12  256 x 6 x 6
    Named<"avgpool", AdaptiveAvgPool2d<6>>, Flatten,                            //     9216
    Named<"classifier", Sequential<                                             //
                            Dropout<Percent<50>>, Linear<4096>, ReLU,           //  1  4096
                            Dropout<Percent<50>>, Linear<4096>, ReLU,           //  4  4096
                            Linear<Classes>>>>;                                 //  6  logits

}  // namespace tnn
