#pragma once
// What a whole network answers: its logits, and of their loss the gradients of all parameters.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <tnn/core/model.hpp>
#include <tnn/train/training.hpp>

#include "support/values.hpp"

/// For a batch of formula_values. `shifted` asks about another batch. Biases, norms and running
/// statistics are set, since of zeros and ones little would be seen.
template <class Net, class T, class B>
std::vector<double> answers(B backend, int batch, bool shifted = false) {
  using M = tnn::Model<Net, B, T>;
  const int capacity = std::max(batch, 7);
  M model{std::move(backend), {.capacity = capacity, .seed = 3}};
  for (const tnn::ParameterInfo& p : tnn::parameters_table<Net>)
    if (p.begins != tnn::beginning::drawn)
      model.write(p.name, converted<T>(formula_values(5, p.size)));
  for (const tnn::ParameterInfo& p : tnn::buffers_table<Net>) {
    std::vector<double> statistics = formula_values(6, p.size);
    for (double& v : statistics) v += 2;  // a variance is positive
    model.write(p.name, converted<T>(statistics));
  }
  tnn::Training training{model, {.capacity = capacity, .seed = 4}};
  const auto x = formula_values<T>(shifted ? 2 : 1, batch * M::input_size);
  std::vector<std::int32_t> labels;
  for (int n = 0; n < batch; ++n) labels.push_back(n % static_cast<int>(M::output_size));
  std::vector<T> values(static_cast<std::size_t>(batch * M::output_size));
  model.forward(x, values);
  std::vector<double> all = converted<double>(values);
  training.gradients(x, labels);
  for (const tnn::ParameterInfo& p : tnn::parameters_table<Net>) {
    values.resize(static_cast<std::size_t>(p.size));
    training.read_gradient(p.name, values);
    for (const T v : values) all.push_back(static_cast<double>(v));
  }
  return all;
}
