#pragma once
// Tells whether two runs saw the same images.
#include <zlib.h>

#include <cstdint>

#include <tnn/data/labelled_images.hpp>

namespace tnn {

/// CRC-32 of the pixels, then of the labels as the bytes they are in files.
[[nodiscard]] inline std::uint32_t checksum(const LabelledImages& images) {
  uLong crc = crc32_z(0, images.pixels().data(), images.pixels().size());
  for (const std::int32_t label : images.labels()) {
    const auto byte = static_cast<Bytef>(label);
    crc = crc32_z(crc, &byte, 1);
  }
  return static_cast<std::uint32_t>(crc);
}

}  // namespace tnn
