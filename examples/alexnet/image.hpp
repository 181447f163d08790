#pragma once
// Pictures in files: PNG, JPEG, PGM and PPM in, PNG out.
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace pictures {

/// Height x width, one byte a pixel: 0 is black, 255 white.
struct grey_image {
  int width = 0, height = 0;
  std::vector<std::uint8_t> pixels;
};

/// Height x width x 3: red, green, blue.
struct rgb_image {
  int width = 0, height = 0;
  std::vector<std::uint8_t> pixels;
};

/// Reads a picture of any size up to 40 million pixels; colours become their luminance, what is
/// transparent becomes black. Throws tnn::error, which names the file, when it is missing, cut
/// short, damaged, too large or no picture.
grey_image read_grey(const std::filesystem::path& path);

/// The bytes of a PNG file. tnn::error where the pixels are not as many as the size says.
std::string png_bytes(const grey_image& image);
std::string png_bytes(const rgb_image& image);

/// Writes a PNG, whole or not at all. Throws tnn::error.
void write_png(const std::filesystem::path& path, const grey_image& image);
void write_png(const std::filesystem::path& path, const rgb_image& image);

}  // namespace pictures
