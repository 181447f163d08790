// needs: cpu
// The images of a folder differ in size, and are given to a Trainer as they are.
// expect: the images differ in size: give a Transformed of them
#include <tnn/cpu.hpp>
#include <tnn/data.hpp>
#include <tnn/images.hpp>
#include <tnn/train.hpp>

using namespace tnn;

using Net = Sequential<Input<3, 64, 64>, Flatten, Linear<10>>;
void train(Model<Net, Cpu>& model, const ImageFolder& images) {
#ifdef GOOD
  const Transformed samples{images, RandomResizedCrop<64>{}};
#else
  const ImageFolder& samples = images;
#endif
  Training training{model};
  Trainer trainer{training, samples, samples};
  trainer.run(1);
}
