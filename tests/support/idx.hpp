#pragma once
// IDX files for tests.
#include <cstdint>
#include <string>
#include <vector>

/// The bytes of an IDX file of unsigned bytes.
inline std::string idx_bytes(const std::vector<int>& extents,
                             const std::vector<std::uint8_t>& values) {
  std::string bytes = {0, 0, 8, static_cast<char>(extents.size())};
  for (const int extent : extents)
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(extent >> shift & 255);
  return bytes.append(values.begin(), values.end());
}
