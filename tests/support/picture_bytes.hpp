#pragma once
// PNG and JPEG files for tests.
#include <cstdint>
#include <string>
#include <vector>

#define STBI_WRITE_NO_STDIO
#define STB_IMAGE_WRITE_STATIC
#define STB_IMAGE_WRITE_IMPLEMENTATION
#include <stb/stb_image_write.h>

inline void append_bytes(void* text, void* data, int size) {
  static_cast<std::string*>(text)->append(static_cast<const char*>(data),
                                          static_cast<std::size_t>(size));
}

/// Pixels are height x width x channels.
inline std::string png(int width, int height, int channels,
                       const std::vector<std::uint8_t>& pixels) {
  std::string file;
  stbi_write_png_to_func(append_bytes, &file, width, height, channels, pixels.data(),
                         width * channels);
  return file;
}

inline std::string jpeg(int width, int height, int channels,
                        const std::vector<std::uint8_t>& pixels) {
  std::string file;
  stbi_write_jpg_to_func(append_bytes, &file, width, height, channels, pixels.data(), 95);
  return file;
}
