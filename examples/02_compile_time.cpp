// A network that runs while it is compiled: the compiler finds out what this one makes of two
// pictures, and does not build the program if that is not so.
#include <array>
#include <cstdio>

#include <tnn/reference.hpp>

using namespace tnn;

using Net = Sequential<Input<1, 8, 8>,                    // a picture of 8 x 8
                       Conv2d<2, Kernel<3>, Padding<1>>,  //  0  2 x 8 x 8   edges
                       MaxPool2d<Kernel<8>>, Sigmoid,     //  1  2 x 1 x 1   is there one?
                       Flatten, Linear<2>>;               //  3  2

using picture = std::array<float, 64>;

constexpr std::array<float, 2> look_at(const picture& pixels) {
  Model<Net, Reference> model{Reference{}, {.initialise = zero_initialisation}};
  model.write("0.weight", std::array<float, 18>{-1, -1, -1, 2, 2, 2, -1, -1, -1,    // horizontal
                                                -1, 2, -1, -1, 2, -1, -1, 2, -1});  // vertical
  model.write("4.weight", std::array<float, 4>{1, -1, -1, 1});
  std::array<float, 2> logits{};
  model.forward(pixels, logits);
  return logits;
}

constexpr picture line(int first, int step) {
  picture pixels{};
  for (int i = 0; i < 8; ++i) pixels[static_cast<std::size_t>(first + i * step)] = 1;
  return pixels;
}

constexpr auto horizontal = look_at(line(3 * 8, 1)), vertical = look_at(line(5, 8));
static_assert(horizontal[0] > horizontal[1]);
static_assert(vertical[1] > vertical[0]);

int main() {
  std::printf("a horizontal line: %.3f %.3f\n", horizontal[0], horizontal[1]);
  std::printf("a vertical line:   %.3f %.3f\n", vertical[0], vertical[1]);
}
