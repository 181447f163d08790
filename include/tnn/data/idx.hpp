#pragma once
// IDX, the format of MNIST and its kin, plain or gzipped, all big-endian:
//   0x0000 TYPE RANK, RANK extents of 4 bytes, the values, last extent fastest.
// Only TYPE 0x08, unsigned bytes, is in use for images and labels.
#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include <tnn/core/error.hpp>
#include <tnn/files/gzip.hpp>

namespace tnn {

/// An array of bytes; the last extent varies fastest.
struct idx_array {
  std::vector<int> extents;
  std::vector<std::uint8_t> values;
};

/// Reads an IDX file of unsigned bytes with 1 to 4 extents. Throws tnn::error unless the header is
/// right and the file holds exactly the values that its extents promise.
inline idx_array read_idx(const std::filesystem::path& path) {
  idx_array array;
  array.values = read_maybe_gzip(path);
  const std::vector<std::uint8_t>& bytes = array.values;
  const auto refuse = [&](const std::string& why) {
    throw error(detail::printable_path(path) + ": not a valid IDX file: " + why +
                "; download it again");
  };

  if (bytes.size() < 4) refuse("it ends within the first 4 bytes");
  if (bytes[0] != 0 || bytes[1] != 0) refuse("it does not start with two zero bytes");
  if (bytes[2] != 0x08)
    refuse("its type is " + std::to_string(bytes[2]) + ", expected 8 (unsigned bytes)");
  const std::size_t rank = bytes[3];
  if (rank < 1 || rank > 4) refuse("it has " + std::to_string(rank) + " extents, expected 1 to 4");
  const std::size_t header_bytes = 4 + 4 * rank;
  if (bytes.size() < header_bytes) refuse("it ends within its header");

  std::uint64_t count = 1;
  for (std::size_t at = 4; at < header_bytes; at += 4) {
    const std::uint32_t extent = std::uint32_t{bytes[at]} << 24 |
                                 std::uint32_t{bytes[at + 1]} << 16 |
                                 std::uint32_t{bytes[at + 2]} << 8 | std::uint32_t{bytes[at + 3]};
    if (extent == 0 || extent > std::numeric_limits<int>::max())
      refuse("an extent is " + std::to_string(extent));
    if (__builtin_mul_overflow(count, extent, &count)) refuse("its extents are too large");
    array.extents.push_back(static_cast<int>(extent));
  }
  if (bytes.size() - header_bytes != count)
    refuse("its extents promise " + std::to_string(count) + " values, it holds " +
           std::to_string(bytes.size() - header_bytes));

  array.values.erase(array.values.begin(),
                     array.values.begin() + static_cast<std::ptrdiff_t>(header_bytes));
  return array;
}

}  // namespace tnn
