// needs: cpu
// The images of a folder differ in size, and no transform gives them one.
// expect: the images differ in size: one of the transforms must give all of them one
#include <tnn/cpu.hpp>
#include <tnn/data.hpp>
#include <tnn/images.hpp>
#include <tnn/train.hpp>

using namespace tnn;

using Net = Sequential<Input<3, 64, 64>, Flatten, Linear<10>>;
#ifdef GOOD
using Crop = RandomResizedCrop<64>;
#else
using Crop = ResizeShortSide<64>;
#endif

void train(Model<Net, Cpu>& model, const ImageFolder& images) {
  const Transformed samples{images, Crop{}, RandomHorizontalFlip{}};
  Training training{model};
  Trainer trainer{training, samples, samples};
  trainer.run(1);
}
