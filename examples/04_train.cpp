// Train a small network: data, schedule, validation and the best weights. Uses the first 3,000
// images of Fashion-MNIST (dataset-fashion-mnist), or of the folder that is the one argument.
#include <cstdio>

#include <tnn/cpu.hpp>
#include <tnn/data.hpp>
#include <tnn/io.hpp>
#include <tnn/train.hpp>

using namespace tnn;

// [net]
using Net = Sequential<Input<1, 28, 28>,                                   //
                       Conv2d<12, Kernel<5>>, ReLU, MaxPool2d<Kernel<2>>,  //  0  12 x 12 x 12
                       Conv2d<24, Kernel<5>>, ReLU, MaxPool2d<Kernel<2>>,  //  3  24 x 4 x 4
                       Flatten, Linear<96>, ReLU, Dropout<Percent<25>>,    //  6  96
                       Linear<10>>;                                        // 10
// [/net]

int main(int argc, char** argv) try {
  // [train]
  const auto data = fashion_mnist(argc > 1 ? argv[1] : fashion_mnist_default_dir, Split::train);
  const auto images = data.first(2500), held_out = data.slice(2500, 500);

  Model<Net, Cpu> model{Cpu{.threads = 2}, {.capacity = 50, .seed = 1}};
  Training training{model, {}, {}, SGD{.weight_decay = 5e-4}};
  Trainer trainer{
      training, images, held_out, {.schedule = {.kind = ScheduleKind::plateau, .rate = 0.02}}};
  double best = 0;
  TrainerEvents events;
  events.epoch = [&](const EpochReport& r) {
    std::printf("epoch %ld: loss %.3f, validation top-1 %.1f%%\n", static_cast<long>(r.epoch),
                r.loss, 100 * r.validation_accuracy);
    best = r.validation_accuracy > best ? r.validation_accuracy : best;
    if (r.best) save(model, "best.safetensors");  // net.load_state_dict(load_file(...)) in PyTorch
  };
  trainer.run(5, events);
  // [/train]
  return best > 0.7 ? 0 : 1;
} catch (const error& e) {
  std::fprintf(stderr, "%s\n", e.what());
  return 1;
}
