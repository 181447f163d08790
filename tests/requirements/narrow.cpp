// For check.sh: the types, the table and a step of training on Reference, where pointers have 32
// bits.
#include <tnn/lenet.hpp>
#include <tnn/reference.hpp>
#include <tnn/train/training.hpp>

#include <cstdio>
#include <vector>

using Net = tnn::LeNet<>;
static_assert(tnn::outputs<Net, tnn::Shape<10>>);
static_assert(tnn::parameter_count<Net> == 61'706);

int main() {
  tnn::Model<Net, tnn::Reference> model{{}, {.capacity = 2, .seed = 1}};
  tnn::Training training{model, {.capacity = 2, .seed = 1}};
  const std::vector<float> images(std::size_t{2} * 784, 0.5f);
  const std::vector<std::int32_t> labels{1, 2};
  for (int step = 0; step < 3; ++step)
    std::printf("%.5f\n", training.step(images, labels, {.rate = 0.1}).mean_loss());
  std::fputs(tnn::summary<Net>().c_str(), stdout);
}
