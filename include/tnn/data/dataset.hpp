#pragma once
// Images with one label each, kept as the bytes they come in: 60,000 of 28 x 28 are 47 MB, where
// the 224 x 224 floats that a network wants would be 12 GB. The loader converts a batch at a time.
#include <zlib.h>

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <tnn/core/error.hpp>

namespace tnn {

/// Some consecutive images of a labelled_images, which must outlive it. Cheap to copy: a split
/// into training and validation images copies no pixel.
struct labelled_images_view {
  int count = 0;
  int channels = 0;
  int height = 0;
  int width = 0;
  int classes = 0;
  const std::uint8_t* pixels = nullptr;  ///< count x channels x height x width
  const std::uint8_t* labels = nullptr;  ///< count, each below classes

  std::size_t image_size() const {
    return static_cast<std::size_t>(channels) * static_cast<std::size_t>(height) *
           static_cast<std::size_t>(width);
  }
  /// Image i's channels x height x width bytes.
  std::span<const std::uint8_t> image(int i) const {
    return {pixels + static_cast<std::size_t>(i) * image_size(), image_size()};
  }

  /// Images begin, begin + 1, ... begin + n - 1; tnn::error where there are not so many.
  [[nodiscard]] labelled_images_view slice(int begin, int n) const {
    if (begin < 0 || n < 0 || begin > count - n)
      throw error("images " + std::to_string(begin) + " to " +
                  std::to_string(std::int64_t{begin} + n) + " were asked for, but there are " +
                  std::to_string(count));
    labelled_images_view part = *this;
    part.count = n;
    part.pixels += static_cast<std::size_t>(begin) * image_size();
    part.labels += begin;
    return part;
  }
  [[nodiscard]] labelled_images_view first(int n) const { return slice(0, n); }
  [[nodiscard]] labelled_images_view last(int n) const { return slice(count - n, n); }
};

/// CRC-32 of the pixels, then the labels: tells whether two runs saw the same data.
[[nodiscard]] inline std::uint32_t checksum(const labelled_images_view& images) {
  const std::size_t pixels = static_cast<std::size_t>(images.count) * images.image_size();
  uLong crc = crc32_z(0, images.pixels, pixels);
  crc = crc32_z(crc, images.labels, static_cast<std::size_t>(images.count));
  return static_cast<std::uint32_t>(crc);
}

/// Throws tnn::error, naming `source`, for a label that is not below `classes`.
inline void check_labels(std::span<const std::uint8_t> labels, int classes,
                         const std::string& source) {
  for (std::size_t i = 0; i < labels.size(); ++i)
    if (labels[i] >= classes)
      throw error(source + ": label " + std::to_string(i) + " is " + std::to_string(labels[i]) +
                  ", expected 0 to " + std::to_string(classes - 1));
}

/// Owns images and labels; valid from construction on.
class labelled_images {
 public:
  /// `name` says in errors what this is. Throws tnn::error unless pixels and labels make whole
  /// images, one label each, below `classes`.
  labelled_images(std::string name, int channels, int height, int width, int classes,
                  std::vector<std::uint8_t> pixels, std::vector<std::uint8_t> labels)
      : name_(std::move(name)), pixels_(std::move(pixels)), labels_(std::move(labels)) {
    if (channels < 1 || height < 1 || width < 1 || classes < 1 ||
        labels_.size() > std::numeric_limits<int>::max())
      throw error(name_ + ": extents and classes must be positive, and the images an int's worth");
    view_ = {static_cast<int>(labels_.size()),
             channels,
             height,
             width,
             classes,
             pixels_.data(),
             labels_.data()};
    if (pixels_.size() != labels_.size() * view_.image_size())
      throw error(name_ + ": " + std::to_string(pixels_.size()) + " pixels are not " +
                  std::to_string(labels_.size()) + " images of " + std::to_string(channels) +
                  " x " + std::to_string(height) + " x " + std::to_string(width));
    check_labels(labels_, classes, name_);
    checksum_ = tnn::checksum(view_);
  }
  labelled_images(labelled_images&&) = default;  // the views stay valid: vectors keep their memory
  labelled_images& operator=(labelled_images&&) = default;

  const std::string& name() const { return name_; }
  [[nodiscard]] int count() const { return view_.count; }
  [[nodiscard]] int classes() const { return view_.classes; }
  /// Of all its images, taken once at construction.
  std::uint32_t checksum() const { return checksum_; }

  /// All images.
  const labelled_images_view& view() const& { return view_; }
  labelled_images_view view() && = delete;
  [[nodiscard]] labelled_images_view first(int n) const& { return view_.first(n); }
  [[nodiscard]] labelled_images_view last(int n) const& { return view_.last(n); }
  [[nodiscard]] labelled_images_view slice(int begin, int n) const& {
    return view_.slice(begin, n);
  }
  labelled_images_view first(int) && = delete;
  labelled_images_view last(int) && = delete;
  labelled_images_view slice(int, int) && = delete;

 private:
  std::string name_;
  std::vector<std::uint8_t> pixels_;
  std::vector<std::uint8_t> labels_;
  labelled_images_view view_;
  std::uint32_t checksum_ = 0;
};

}  // namespace tnn
