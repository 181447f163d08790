// The same program text on two backends: Reference, which is naive loops, in double; and Cpu, which
// uses threads and vector registers, in float.
#include <cmath>
#include <cstdio>
#include <vector>

#include <tnn/cpu.hpp>
#include <tnn/lenet.hpp>
#include <tnn/reference.hpp>
#include <tnn/train/training.hpp>

using namespace tnn;

// [backend]
template <class Backend, class Scalar>
double loss_after_five_steps() {
  using model_type = Model<LeNet<>, Backend, Scalar>;
  model_type model{Backend{}, {.capacity = 1, .seed = 7}};
  Training training{model, {.capacity = 3, .seed = 7}};
  std::vector<Scalar> images(3 * model_type::input_size);
  for (std::size_t i = 0; i < images.size(); ++i) images[i] = static_cast<Scalar>(i % 29) / 29;
  const std::vector<std::int32_t> labels{3, 1, 4};
  double loss = 0;
  for (int step = 0; step < 5; ++step)
    loss = training.step(images, labels, {.rate = 0.1}).mean_loss();
  return loss;
}
// [/backend]

int main() {
  const double naive = loss_after_five_steps<Reference, double>();
  const double fast = loss_after_five_steps<Cpu, float>();
  std::printf("Reference in double %.6f, Cpu in float %.6f\n", naive, fast);
  return std::abs(naive - fast) < 1e-4 ? 0 : 1;
}
