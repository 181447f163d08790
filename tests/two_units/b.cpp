// The second file, with the headers in the opposite order (blank lines keep the formatter off it).
#include <tnn/train.hpp>

#include <tnn/tnn.hpp>

#include <tnn/io.hpp>

#include <tnn/images.hpp>

#include <tnn/cpu.hpp>

#include <tnn/alexnet.hpp>

#include <array>

using Net = tnn::Sequential<tnn::Input<1, 6, 6>, tnn::Conv2d<2, tnn::Kernel<3>>, tnn::ReLU,
                            tnn::Flatten, tnn::Linear<3>>;

std::array<float, 3> logits_of_b() {
  tnn::Model<Net, tnn::Cpu> model{tnn::Cpu{.threads = 1}, {.capacity = 1, .seed = 1}};
  std::array<float, 36> image{};
  image.fill(0.5f);
  std::array<float, 3> logits{};
  model.forward(image, logits);
  return logits;
}
