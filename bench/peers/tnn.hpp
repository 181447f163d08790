#pragma once
// tnn's side of the comparison, with nothing else in the program: steps on random images, as
// `alexnet bench` does them.
#include <tnn/cpu.hpp>
#include <tnn/train/training.hpp>

#include "measure.hpp"

namespace peer {

template <class Net>
int measure_tnn(int argc, char** argv) {
  using Model = tnn::Model<Net, tnn::Cpu>;
  const asked a = options(argc, argv);
  const auto n = static_cast<std::size_t>(a.batch);
  Model model{tnn::Cpu{a.threads}, {.capacity = a.train ? 1 : a.batch, .seed = 1}};
  const std::vector<float> images = random_values(n * Model::input_size);
  if (a.train) {
    std::vector<std::int32_t> labels(n);
    for (std::size_t i = 0; i < n; ++i) labels[i] = static_cast<std::int32_t>(i % 10);
    tnn::Training<Model> training{model, tnn::TrainingOptions{a.batch, 1}};
    report("tnn", a, [&] { training.step(images, labels, tnn::SGD{1e-4, 0.9, 5e-4}); });
  } else {
    std::vector<float> logits(n * Model::output_size);
    report("tnn", a, [&] { model.forward(images, logits); });
  }
  return 0;
}

}  // namespace peer
