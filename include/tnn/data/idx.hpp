#pragma once
// IDX, the format of MNIST and its kin, plain or gzipped, all big-endian:
//   0x0000 TYPE RANK, RANK extents of 4 bytes, the values, last extent fastest.
// Only TYPE 0x08, unsigned bytes, is in use for images and labels.
#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <tnn/core/error.hpp>
#include <tnn/data/labelled_images.hpp>
#include <tnn/files/gzip.hpp>

namespace tnn {

/// An array of bytes; the last extent varies fastest.
struct IdxArray {
  std::vector<int> extents;
  std::vector<std::uint8_t> values;
};

/// Reads an IDX file of unsigned bytes with 1 to 4 extents. Throws tnn::error unless the header is
/// right and the file holds exactly the values that its extents promise.
inline IdxArray read_idx(const std::filesystem::path& path) {
  IdxArray array;
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

/// A data set of two IDX files: images x height x width, or images x channels x height x width; and
/// a label below `classes` for each. `name` says in errors what it is. Throws tnn::error for a
/// missing or damaged file, and for files that do not fit together.
inline LabelledImages read_idx_images(std::string name, const std::filesystem::path& images_path,
                                      const std::filesystem::path& labels_path, int classes) {
  IdxArray labels = read_idx(labels_path);  // the small file first: refusals come sooner
  if (labels.extents.size() != 1)
    throw error(detail::printable_path(labels_path) + ": " + std::to_string(labels.extents.size()) +
                " extents, expected 1: the number of labels");
  std::vector<std::int32_t> numbers(labels.values.begin(), labels.values.end());
  check_labels(numbers, classes, detail::printable_path(labels_path));

  IdxArray images = read_idx(images_path);
  const std::vector<int>& extents = images.extents;
  if (extents.size() != 3 && extents.size() != 4)
    throw error(detail::printable_path(images_path) + ": " + std::to_string(extents.size()) +
                " extents, expected 3 (images, height, width) or 4 (images, channels, height, "
                "width)");
  if (extents[0] != labels.extents[0])
    throw error(detail::printable_path(images_path) + " holds " + std::to_string(extents[0]) +
                " images, but " + detail::printable_path(labels_path) + " holds " +
                std::to_string(labels.extents[0]) + " labels: use two files of one data set");
  const int channels = extents.size() == 4 ? extents[1] : 1;
  return {std::move(name),   channels, extents.end()[-2],
          extents.end()[-1], classes,  std::move(images.values),
          std::move(numbers)};
}

}  // namespace tnn
