#pragma once
// AlexNet's loss for images made by a formula, and its gradients, on any backend.
#include <cstdint>
#include <utility>
#include <vector>

#include <tnn/alexnet.hpp>
#include <tnn/train/training.hpp>

#include "support/values.hpp"

struct alexnet_answer {
  double loss = 0;
  std::vector<std::vector<float>> gradients;  ///< by parameter
  friend bool operator==(const alexnet_answer&, const alexnet_answer&) = default;
};

template <class B>
alexnet_answer alexnet_gradients(B backend, int batch) {
  using Net = tnn::AlexNet<>;
  using M = tnn::Model<Net, B>;
  M model{std::move(backend), {.capacity = 1, .seed = 3}};
  tnn::Training training{model, {.capacity = batch, .seed = 4}};
  const auto x = formula_values<float>(1, batch * M::input_size);
  std::vector<std::int32_t> labels;
  for (int n = 0; n < batch; ++n) labels.push_back((n + 7) % 10);
  alexnet_answer a;
  a.loss = training.gradients(x, labels).loss;
  for (const tnn::ParameterInfo& p : tnn::parameters_table<Net>) {
    a.gradients.emplace_back(static_cast<std::size_t>(p.size));
    training.read_gradient(p.name, a.gradients.back());
  }
  return a;
}
