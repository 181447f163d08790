// A folder of pictures, one folder a class, of any size: discs, rings and stripes in any colours.
// A random part of each is trained on; a tenth of every class is held out. Link tnn::images.
#include <unistd.h>
#include <cstdio>
#include <random>
#include <tnn/cpu.hpp>
#include <tnn/data.hpp>
#include <tnn/images.hpp>
#include <tnn/train.hpp>

using namespace tnn;

using Net =
    Sequential<Input<3, 16, 16>, Conv2d<16, Kernel<3>, Padding<1>>, ReLU, MaxPool2d<Kernel<2>>,
               Conv2d<24, Kernel<3>, Padding<1>>, ReLU, MaxPool2d<Kernel<2>>, Flatten, Linear<3>>;

void write_pictures(const std::filesystem::path& folder, const std::string& kind) {
  std::mt19937 random(1);
  std::filesystem::create_directories(folder / kind);
  for (int i = 0; i < 150; ++i) {
    const unsigned edge = unsigned(20 + random() % 20);
    const std::uint64_t dark = random() & 0x7f7f7f, light = dark | 0x808080;  // two colours
    std::vector<std::uint8_t> pixels;
    for (unsigned y = 0; y < edge; ++y)
      for (unsigned x = 0; x < edge; ++x) {
        const double down = 2.0 * y / edge - 1, right = 2.0 * x / edge - 1;  // 0 is the middle
        const bool inside = kind == "disc"   ? down * down + right * right < 0.5
                            : kind == "ring" ? std::abs(down * down + right * right - 0.5) < 0.2
                                             : x % 6 < 3;
        for (const int bits : {0, 8, 16})
          pixels.push_back(std::uint8_t((inside ? light : dark) >> bits));
      }
    png_image png{nullptr, PNG_IMAGE_VERSION, edge, edge, PNG_FORMAT_RGB, 0, 0, 0, ""};
    const std::string path = folder / kind / (std::to_string(i) + ".png");
    png_image_write_to_file(&png, path.c_str(), 0, pixels.data(), 0, nullptr);
  }
}

int main() {
  const auto folder = std::filesystem::temp_directory_path() / ("tnn-" + std::to_string(getpid()));
  for (const char* kind : {"disc", "ring", "stripes"}) write_pictures(folder, kind);

  // [train]
  const ImageFolder pictures{folder};
  const auto [seen, held_out] = pictures.split(0.1, 1);
  const Transformed samples{seen, RandomResizedCrop<16>{}, RandomHorizontalFlip{}};
  const Transformed tests{held_out, Resize<16>{}};

  Model<Net, Cpu> model{Cpu{.threads = 2}, {.capacity = 30, .seed = 1}};
  Training training{model, {}, CrossEntropyLoss{}, AdamW{.rate = 0.003}};
  Trainer trainer{training, samples, tests, {.loader_threads = 2}};
  trainer.run(8);
  const double right = evaluate(model, tests).top(1);
  for (const std::string& name : pictures.class_names()) std::printf("%s ", name.c_str());
  std::printf("\n%d pictures trained on, of %d others right: %s 90%%\n", int(seen.size()),
              int(held_out.size()), right > 0.9 ? "more than" : "LESS than");
  // [/train]
  std::filesystem::remove_all(folder);
}
