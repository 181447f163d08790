// A training step of a network of every layer on each of TNN_RACES_BACKENDS, for check.sh.
#include TNN_RACES_HEADER
#include <cstdio>
#include <tnn/train.hpp>

#include "support/every_layer.hpp"

template <class B>
double loss_on(B backend) {
  using model_type = tnn::Model<every_layer, B>;
  model_type model{backend, {.capacity = 2, .seed = 1}};
  tnn::Training training{model, {.capacity = 2, .seed = 1}};
  const std::vector<float> images(2 * model_type::input_size, 0.5f);
  const std::vector<std::int32_t> labels{3, 1};
  return training.step(images, labels, {.rate = 0.01}).mean_loss();
}

int main() {
  bool good = true;
  for (const auto& backend : {TNN_RACES_BACKENDS}) good = good && loss_on(backend) > 0;
  std::puts(good ? "done" : "no loss");
}
