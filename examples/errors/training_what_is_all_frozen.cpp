// needs: cpu
// Nothing is left to train.
// expect: shape_error<at_the_output, CrossEntropyLoss, got<2>, fix::leave_a_part_that_is_not_Frozen>
#include <tnn/cpu.hpp>
#include <tnn/train/training.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<4>, Frozen<Linear<6>>, ReLU, Linear<2>>;
#else
using Net = Sequential<Input<4>, Frozen<Sequential<Linear<6>, ReLU, Linear<2>>>>;
#endif

double train(Model<Net, Cpu>& model, std::span<const float> x,
             std::span<const std::int32_t> labels) {
  Training training{model, {.capacity = 4}};
  training.step(x, labels);
  return training.gradients(x, labels).mean_loss();
}
