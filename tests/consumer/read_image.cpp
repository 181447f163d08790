// Reads an image's size, which takes libjpeg and libpng.
#include <tnn/images.hpp>

#include <cstdio>

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const tnn::Image<std::uint8_t> image = tnn::read_image(argv[1]);
  std::printf("%d x %d\n", image.height, image.width);
}
