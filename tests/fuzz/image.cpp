// A PNG is also read with its checksums made right, which no mutation would do.
#include "fuzz.hpp"

#include "alexnet/image.hpp"
#include "support/png_checksums.hpp"

namespace {

void read_image(const std::filesystem::path& file) {
  const pictures::grey_image image = pictures::read_grey(file);
  require(image.width > 0 && image.height > 0 &&
              image.pixels.size() ==
                  static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height),
          "a pixel for each place");
}

}  // namespace

void read_input(const std::filesystem::path& file) {
  const std::string bytes = bytes_of(file);
  if (bytes.starts_with("\x89PNG")) {
    static const memory_file repaired;
    repaired.write(with_right_checksums(bytes));
    read_image(repaired.path());
  }
  read_image(file);
}
