// One training step of a network of every layer on TNN_RACES_BACKEND, for check.sh.
#include TNN_RACES_HEADER
#include <cstdio>
#include <tnn/train.hpp>

#include "support/every_layer.hpp"

int main() {
  auto backend = TNN_RACES_BACKEND;
  using model_type = tnn::Model<every_layer, decltype(backend)>;
  model_type model{backend, {.capacity = 2, .seed = 1}};
  tnn::Training training{model, {.capacity = 2, .seed = 1}};
  const std::vector<float> images(2 * model_type::input_size, 0.5f);
  const std::vector<std::int32_t> labels{3, 1};
  const double loss = training.step(images, labels, {.rate = 0.01}).mean_loss();
  std::puts(loss > 0 ? "done" : "no loss");
}
