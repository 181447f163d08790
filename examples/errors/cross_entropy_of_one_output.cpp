// needs: cpu
// A loss that does not fit what the network makes: cross-entropy wants an output for each class.
// (Of yes and no with one output: BCEWithLogitsLoss.)
// expect: shape_error<at_the_output, CrossEntropyLoss, got<1>, fix::give_it_an_output_for_each_class>
#include <tnn/cpu.hpp>
#include <tnn/data/samples.hpp>
#include <tnn/train.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<4, 1, 1>, Flatten, Linear<2>>;
#else
using Net = Sequential<Input<4, 1, 1>, Flatten, Linear<1>>;
#endif

double train(Model<Net, Cpu>& model, const Samples<float, std::int32_t>& images,
             std::span<const float> x, std::span<const std::int32_t> labels) {
  Training training{model, {.capacity = 4}};
  training.step(x, labels);
  Trainer trainer{training, images, images, {.batch = 4}};
  trainer.run(1, {});
  return training.gradients(x, labels).mean_loss();
}
