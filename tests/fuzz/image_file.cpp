// An image's header, its pixels, and a part of it at a scale.
#include "png_input.hpp"

#include <tnn/data/image_file.hpp>

namespace {

void read_all(const std::filesystem::path& file) {
  const tnn::ImageHeader header = tnn::image_header(file);
  require(header.height > 0 && header.width > 0 && header.channels >= 1 && header.channels <= 4,
          "a header has a size");
  if (std::int64_t{header.height} * header.width > 2'000'000) return;  // time, not correctness
  const tnn::ImageView part{header.height / 3,
                            header.width / 3,
                            header.height - header.height / 3,
                            header.width - header.width / 3,
                            header.height / 8 + 1,
                            header.width / 8 + 1};
  const tnn::Image<float> seen = tnn::read_image<float>(file, part);
  for (const float value : seen.values)
    require(value >= 0 && value <= 1.0001f, "a value in [0, 1]");
  const tnn::Image<std::uint8_t> image = tnn::read_image(file, 1);
  require(image.height == header.height && image.width == header.width &&
              image.values.size() == image.plane_size(),
          "a pixel for each place");
}

}  // namespace

void read_input(const std::filesystem::path& file) { read_with_right_checksums(file, read_all); }
