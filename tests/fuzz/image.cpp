// A picture as the program reads it.
#include "png_input.hpp"

#include "alexnet/image.hpp"

namespace {

void read_image(const std::filesystem::path& file) {
  const pictures::grey_image image = pictures::read_grey(file);
  require(image.width > 0 && image.height > 0 &&
              image.pixels.size() ==
                  static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height),
          "a pixel for each place");
}

}  // namespace

void read_input(const std::filesystem::path& file) { read_with_right_checksums(file, read_image); }
