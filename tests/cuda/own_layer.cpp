// The layer that examples/07_your_own_layer.cpp writes, its math too, on Cuda as it stands.
#include <tnn/cuda.cuh>

#define main example_of_your_own_layer
#include "../examples/07_your_own_layer.cpp"
#undef main

#include "support/catch.hpp"
#include "support/values.hpp"

namespace {

template <class B>
std::vector<float> gamma_after_training(B backend) {
  tnn::Model<Net, B> model{std::move(backend), {.capacity = 1, .seed = 1}};
  tnn::Training training{model, {.capacity = 6}};
  const std::vector<std::int32_t> labels{0, 1, 2, 0, 1, 2};
  for (int step = 0; step < 4; ++step)
    training.step(formula_values<float>(static_cast<std::uint32_t>(step), 6 * 64), labels,
                  {.rate = 0.1});
  std::vector<float> gamma(4);
  model.read("2.gamma", gamma);
  CHECK(model.counters()[0] == 4);
  return gamma;
}

}  // namespace

TEST_CASE("a layer of one's own trains on Cuda as on Cpu", "[cuda]") {
  const auto ours = gamma_after_training(tnn::Cuda{});
  CHECK(ours != std::vector<float>(4, 0.5f));
  CHECK(relative_error(ours, gamma_after_training(tnn::Cpu{})) < 1e-5);
}
