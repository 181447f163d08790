// bench_images FOLDER SECONDS: images a second of an ImageFolder through a Loader of one thread,
// and images a second of processor time: RandomResizedCrop<224>, a flip, and ImageNet's mean and
// deviation. With a third argument images are always decoded in full.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include <tnn/data.hpp>
#include <tnn/images.hpp>

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fputs("usage: bench_images FOLDER SECONDS [full]\n", stderr);
    return 2;
  }
  try {
    using namespace tnn;
    const Transformed data{ImageFolder{argv[1], {.decode_in_full = argc > 3}},
                           RandomResizedCrop<224>{}, RandomHorizontalFlip{},
                           Normalise{{0.485, 0.456, 0.406}, {0.229, 0.224, 0.225}}};
    Loader loader(data, {.batch = 64, .shuffle = true, .seed = 1});
    const auto read_epoch = [&](std::uint64_t epoch) {
      loader.start(epoch);
      while (loader.next() != nullptr) {
      }
    };
    read_epoch(0);
    const auto begin = std::chrono::steady_clock::now();
    const std::clock_t used = std::clock();
    double images = 0, passed = 0;
    for (std::uint64_t epoch = 1; passed < std::atof(argv[2]); ++epoch) {
      read_epoch(epoch);
      images += static_cast<double>(loader.size());
      passed = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    }
    std::printf("tnn %.1f %.1f\n", images / passed,
                images * CLOCKS_PER_SEC / static_cast<double>(std::clock() - used));
  } catch (const tnn::error& failure) {
    std::fprintf(stderr, "bench_images: %s\n", failure.what());
    return 1;
  }
}
