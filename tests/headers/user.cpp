// A user's program, compiled with the user's warnings (check.sh): every layer, in float and double,
// is trained, evaluated and saved, so that the templates are judged as they are used.
#include <tnn/alexnet.hpp>
#include <tnn/cpu.hpp>
#include <tnn/data.hpp>
#include <tnn/images.hpp>
#include <tnn/io.hpp>
#include <tnn/io/checkpoint.hpp>
#include <tnn/reference.hpp>
#include <tnn/train.hpp>

using namespace tnn;

using Net =
    Sequential<Input<1, 21, 19>, Conv2d<40, Kernel<5>, Padding<2>>, ReLU,
               LocalResponseNorm<Size<3>, Alpha<std::ratio<1>>>, MaxPool2d<Kernel<3>, Stride<2>>,
               Conv2d<20, Kernel<3>, Padding<1>>, ReLU, Conv2d<24, Kernel<3>, Stride<2>, Groups<2>>,
               Tanh, AvgPool2d<Kernel<2>>, AdaptiveAvgPool2d<2>, Expect<Shape<24, 2, 2>>, Flatten,
               Named<"hidden", Linear<70>>, Sigmoid, Dropout<Percent<50>>, Linear<7>>;

template <class Backend, class Scalar>
void steps() {
  Model<Net, Backend, Scalar> model{Backend{}, {.capacity = 4, .seed = 1}};
  Training training{model, {.capacity = 4, .seed = 1}};
  const std::vector<Scalar> x(std::size_t{4} * model.input_size);
  std::vector<Scalar> y(std::size_t{4} * model.output_size);
  const std::vector<std::int32_t> labels(4);
  training.step(x, labels, SGD{});
  model.forward(x, y);
  save(model, "weights.safetensors");
  load(model, "weights.safetensors");
}

int main() {
  steps<Cpu, double>();
  steps<Reference, float>();
  steps<Reference, double>();

  const LabelledImages data = fashion_mnist(fashion_mnist_default_dir, Split::train);
  Model<Net, Cpu> model{Cpu{.threads = 2}, {.capacity = 4}};
  Training training{model};
  const Transformed samples{data.first(100).resized(21, 19), Normalise{{0.28}, {0.35}}};
  Trainer trainer{training, samples, samples, {.loader_threads = 2}};
  trainer.run(1, {});
  save_checkpoint(training, trainer.where(), {}, "last.safetensors");
  trainer.restore(load_checkpoint(training, SafetensorsFile{"last.safetensors"}));
  print_summary<Net>();

  const ImageFolder folder{"pictures", {.channels = 1}};
  const auto [seen, held_out] = folder.without_broken(2).images.split(0.1, 1);
  Trainer from_files{training,
                     Transformed{seen, RandomResizedCrop<21, 19>{}, RandomHorizontalFlip{}},
                     Transformed{held_out, ResizeShortSide<24>{}, CentreCrop<21, 19>{}}};
  from_files.run(1);
  const Image<std::uint8_t> one = read_image("picture.png");
  return one.height == read_image<double>("picture.jpg", {0, 0, 8, 8, 4, 4}).height ? 0 : 1;
}
