// bench_images FOLDER SECONDS: images a second of an ImageFolder through a Loader of one thread:
// RandomResizedCrop<224>, a flip, and ImageNet's mean and deviation. With a third argument images
// are always decoded in full.
#include <chrono>
#include <cstdio>
#include <cstdlib>

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
    std::uint64_t epoch = 0;
    const auto rate = [&](double seconds) {
      std::int64_t images = 0;
      const auto begin = std::chrono::steady_clock::now();
      for (;;) {
        loader.start(epoch++);
        while (const auto* batch = loader.next()) {
          images += batch->count;
          const double passed =
              std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
          if (passed >= seconds) return static_cast<double>(images) / passed;
        }
      }
    };
    rate(1);
    std::printf("tnn %.1f\n", rate(std::atof(argv[2])));
  } catch (const tnn::error& failure) {
    std::fprintf(stderr, "bench_images: %s\n", failure.what());
    return 1;
  }
}
