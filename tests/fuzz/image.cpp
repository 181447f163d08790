// A PNG is also read with its checksums made right, which no mutation would do.
#include "fuzz.hpp"

#include <zlib.h>

#include "alexnet/image.hpp"

namespace {

void read_image(const std::filesystem::path& file) {
  const pictures::grey_image image = pictures::read_grey(file);
  require(image.width > 0 && image.height > 0 &&
              image.pixels.size() ==
                  static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height),
          "a pixel for each place");
}

/// Chunks: 4 bytes of length, 4 of type, data, 4 of checksum.
std::string with_right_checksums(std::string png) {
  const auto byte = [&](std::size_t i) { return std::size_t{static_cast<std::uint8_t>(png[i])}; };
  for (std::size_t at = 8; at + 12 <= png.size();) {
    const std::size_t length =
        byte(at) << 24 | byte(at + 1) << 16 | byte(at + 2) << 8 | byte(at + 3);
    if (length > png.size() - at - 12) break;
    const uLong sum = crc32(0, reinterpret_cast<const Bytef*>(png.data()) + at + 4,
                            static_cast<uInt>(length + 4));
    for (std::size_t i = 0; i < 4; ++i)
      png[at + 8 + length + i] = static_cast<char>(sum >> (24 - 8 * i) & 255);
    at += length + 12;
  }
  return png;
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
