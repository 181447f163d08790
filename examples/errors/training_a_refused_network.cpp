// needs: cpu
// A whole training program says one thing of its network, and nothing of what uses it.
// expect: shape_error<layer<3>, Linear<10>, got<8, 13, 13>, fix::put_Flatten_before_it>
#include <span>

#include <tnn/cpu.hpp>
#include <tnn/data/samples.hpp>
#include <tnn/train.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<1, 28, 28>, Conv2d<8, Kernel<3>>, ReLU, MaxPool2d<Kernel<2>>, Flatten,
                       Linear<10>>;
#else
using Net =
    Sequential<Input<1, 28, 28>, Conv2d<8, Kernel<3>>, ReLU, MaxPool2d<Kernel<2>>, Linear<10>>;
#endif

double train(const Samples<float, std::int32_t>& images, std::span<const float> x,
             std::span<float> y, std::span<const std::int32_t> labels) {
  Model<Net, Cpu> model{Cpu{.threads = 2}, {.capacity = 100, .seed = 1}};
  Training training{model, {.capacity = 50, .seed = 1}};
  Trainer trainer{training, images, images, {.batch = 50, .seed = 1}};
  trainer.run(5, {});
  training.step(x, labels, SGD{.rate = 0.01});
  model.forward(x, y);
  model.backend().wait();
  return evaluate(model, images).top(1);
}
