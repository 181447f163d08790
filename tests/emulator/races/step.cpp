// A training step of a network of every layer on Cuda in each precision, for backend.sh.
#include <cstdio>
#include <tnn/cuda.cuh>
#include <tnn/train.hpp>

#include "support/every_layer.hpp"

double loss_in(tnn::cuda_precision precision) {
  using model_type = tnn::Model<every_layer, tnn::Cuda>;
  model_type model{tnn::Cuda{.precision = precision}, {.capacity = 2, .seed = 1}};
  tnn::Training training{model, {.capacity = 2, .seed = 1}};
  const std::vector<float> images(2 * model_type::input_size, 0.5f);
  const std::vector<std::int32_t> labels{3, 1};
  return training.step(images, labels, {.rate = 0.01}).mean_loss();
}

int main() {
  using enum tnn::cuda_precision;
  std::puts(loss_in(fp32) > 0 && loss_in(tf32) > 0 && loss_in(bf16) > 0 ? "done" : "no loss");
}
