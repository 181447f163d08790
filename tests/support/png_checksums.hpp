#pragma once
// A PNG whose chunks were changed, with their checksums made right again.
#include <zlib.h>

#include <cstdint>
#include <string>

/// Chunks: 4 bytes of length, 4 of type, data, 4 of checksum. What is no whole chunk stays.
inline std::string with_right_checksums(std::string png) {
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
