// Write a network down, let the compiler check it, and read what it knows of it.
#include <cstdio>

#include <tnn/tnn.hpp>

using namespace tnn;

// [network]
// A nested Sequential takes one number; Named gives its layers a prefix, as PyTorch's do.
using Block = Sequential<Conv2d<8, Kernel<3>, Padding<1>>, ReLU, MaxPool2d<Kernel<2>>>;
using Net = Sequential<Input<3, 16, 24>,          //
                       Named<"features", Block>,  // features.0.weight, features.0.bias
                       Expect<Shape<8, 8, 12>>,   // checked, and nothing else
                       Conv2d<4, Kernel<3, 5>, Groups<2>>, Tanh,
                       AdaptiveAvgPool2d<2>,  //
                       Flatten, Linear<5, In<16>>>;

static_assert(outputs<Net, Shape<5>>);
static_assert(std::is_same_v<output_of<Net, 0, 0>, Shape<8, 16, 24>>);  // inside the block
static_assert(std::is_same_v<output_of<Net, 1>, Shape<4, 6, 8>>);
static_assert(std::is_same_v<output_t<Block, Shape<3, 32, 32>>, Shape<8, 16, 16>>);
// [/network]

int main() {
  print_summary<Net>();
  for (const ParameterInfo& p : parameters_table<Net>)
    std::printf("%.*s %ld\n", static_cast<int>(p.name.size()), p.name.data(),
                static_cast<long>(p.size));
}
