// needs: cpu
// Images are cropped to another size than the network's Input has.
// expect: the images are resized or cropped to another height and width than the network's Input has
#include <tnn/cpu.hpp>
#include <tnn/data.hpp>
#include <tnn/train.hpp>

using namespace tnn;

using Net = Sequential<Input<1, 28, 28>, Flatten, Linear<10>>;
#ifdef GOOD
using Crop = RandomCrop<28, 28, 2>;
#else
using Crop = RandomCrop<24, 28, 2>;
#endif

double train(Model<Net, Cpu>& model, const LabelledImages& images) {
  const Transformed cropped{images, RandomHorizontalFlip{}, Crop{}};
  Training training{model};
  Trainer trainer{training, cropped, cropped};
  trainer.run(1);
  return evaluate(model, cropped).top(1);
}
