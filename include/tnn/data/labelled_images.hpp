#pragma once
// Images with one label each, kept as the bytes they come in: 60,000 of 28 x 28 are 47 MB, where
// the 224 x 224 floats that a network wants would be 12 GB. They are converted sample by sample:
//   x = byte / 255
// resized if asked. Copies, and the parts that first(), last() and slice() give, share the memory.
#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <tnn/core/error.hpp>
#include <tnn/data/resize.hpp>
#include <tnn/data/sliceable.hpp>
#include <tnn/data/source.hpp>

namespace tnn {

/// Throws tnn::error, naming `source`, for a label that is not in 0 .. classes - 1.
inline void check_labels(std::span<const std::int32_t> labels, int classes,
                         const std::string& source) {
  for (std::size_t i = 0; i < labels.size(); ++i)
    if (labels[i] < 0 || labels[i] >= classes)
      throw error(source + ": label " + std::to_string(i) + " is " + std::to_string(labels[i]) +
                  ", expected 0 to " + std::to_string(classes - 1));
}

class ResizedImages;

class LabelledImages : public detail::sliceable<LabelledImages> {
 public:
  using target = std::int32_t;

  /// `name` says in errors what this is. Throws tnn::error unless pixels and labels make whole
  /// images (channels x height x width bytes), one label each, below `classes`.
  LabelledImages(std::string name, int channels, int height, int width, int classes,
                 std::vector<std::uint8_t> pixels, std::vector<std::int32_t> labels)
      : shape_{channels, height, width}, classes_(classes) {
    if (channels < 1 || height < 1 || width < 1 || classes < 1 ||
        labels.size() > std::numeric_limits<int>::max())
      throw error(name + ": extents and classes must be positive, and the images an int's worth");
    std::size_t wanted = 0;
    if (__builtin_mul_overflow(labels.size(), image_size(), &wanted) || pixels.size() != wanted)
      throw error(name + ": " + std::to_string(pixels.size()) + " pixels are not " +
                  std::to_string(labels.size()) + " images of " + std::to_string(channels) + " x " +
                  std::to_string(height) + " x " + std::to_string(width));
    check_labels(labels, classes, name);
    this->whole(static_cast<std::int64_t>(labels.size()));
    held_ =
        std::make_shared<const held>(held{std::move(name), std::move(pixels), std::move(labels)});
  }

  [[nodiscard]] const std::string& name() const { return held_->name; }
  [[nodiscard]] int channels() const { return shape_[0]; }
  [[nodiscard]] int height() const { return shape_[1]; }
  [[nodiscard]] int width() const { return shape_[2]; }
  [[nodiscard]] std::span<const int> shape() const { return shape_; }
  [[nodiscard]] int classes() const { return classes_; }

  /// Image i's channels x height x width bytes.
  [[nodiscard]] std::span<const std::uint8_t> image(std::int64_t i) const {
    return std::span(held_->pixels).subspan(place(i) * image_size(), image_size());
  }
  [[nodiscard]] std::int32_t label(std::int64_t i) const { return held_->labels[place(i)]; }
  /// All bytes, and all labels, one image after another.
  [[nodiscard]] std::span<const std::uint8_t> pixels() const {
    return std::span(held_->pixels).subspan(place(0) * image_size(), count() * image_size());
  }
  [[nodiscard]] std::span<const std::int32_t> labels() const {
    return std::span(held_->labels).subspan(place(0), count());
  }

  /// The same images as samples of another size.
  [[nodiscard]] ResizedImages resized(int height, int width) const;

  template <std::floating_point T>
  void write(std::int64_t i, Draws&, std::span<T> x, std::span<std::int32_t> targets) const {
    const std::span<const std::uint8_t> bytes = image(i);
    constexpr T scale = T{1} / 255;
    for (std::size_t k = 0; k < bytes.size(); ++k) x[k] = static_cast<T>(bytes[k]) * scale;
    targets[0] = label(i);
  }

 private:
  struct held {
    std::string name;
    std::vector<std::uint8_t> pixels;
    std::vector<std::int32_t> labels;
  };

  [[nodiscard]] std::size_t count() const { return static_cast<std::size_t>(size()); }
  [[nodiscard]] std::size_t image_size() const {
    return static_cast<std::size_t>(detail::values_of(shape_));
  }

  std::array<int, 3> shape_;
  int classes_;
  std::shared_ptr<const held> held_;
};

/// Images resized bilinearly (data/resize.hpp): LabelledImages::resized().
class ResizedImages {
 public:
  using target = std::int32_t;

  ResizedImages(LabelledImages images, int height, int width)
      : images_(std::move(images)),
        shape_{images_.channels(), height, width},
        resize_(images_.height(), images_.width(), height, width) {}

  [[nodiscard]] std::int64_t size() const { return images_.size(); }
  [[nodiscard]] std::span<const int> shape() const { return shape_; }
  [[nodiscard]] int classes() const { return images_.classes(); }

  template <std::floating_point T>
  void write(std::int64_t i, Draws&, std::span<T> x, std::span<std::int32_t> targets) const {
    const std::span<const std::uint8_t> bytes = images_.image(i);
    const auto channels = static_cast<std::size_t>(shape_[0]);
    const std::size_t from = bytes.size() / channels, to = x.size() / channels;
    constexpr T scale = T{1} / 255;
    for (std::size_t c = 0; c < channels; ++c)
      resize_(bytes.data() + c * from, x.data() + c * to, scale);
    targets[0] = images_.label(i);
  }

 private:
  LabelledImages images_;
  std::array<int, 3> shape_;
  BilinearResize resize_;
};

inline ResizedImages LabelledImages::resized(int height, int width) const {
  return {*this, height, width};
}

}  // namespace tnn
