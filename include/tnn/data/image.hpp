#pragma once
// An image of any size while it is being changed, and what may be done to it; values are in [0, 1]
// unless said. The functions are those of torchvision.transforms.v2.functional.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <tnn/core/error.hpp>

namespace tnn {

/// channels x height x width values, rows one after another.
template <class T>
struct Image {
  int channels = 0, height = 0, width = 0;
  std::vector<T> values{};

  [[nodiscard]] std::size_t plane_size() const {
    return static_cast<std::size_t>(height) * static_cast<std::size_t>(width);
  }
  [[nodiscard]] std::span<T> row(int channel, int y) {
    return std::span(values).subspan(at(channel, y), static_cast<std::size_t>(width));
  }
  [[nodiscard]] std::span<const T> row(int channel, int y) const {
    return std::span(values).subspan(at(channel, y), static_cast<std::size_t>(width));
  }
  [[nodiscard]] std::string size_text() const {
    return std::to_string(height) + " x " + std::to_string(width);
  }

 private:
  [[nodiscard]] std::size_t at(int channel, int y) const {
    return static_cast<std::size_t>(channel) * plane_size() +
           static_cast<std::size_t>(y) * static_cast<std::size_t>(width);
  }
};

/// The part of height x width whose first row and column are top and left; outside of the image,
/// which top and left may be, values are 0.
template <class T>
Image<T> crop(const Image<T>& image, int top, int left, int height, int width) {
  if (height < 1 || width < 1)
    throw error("cannot cut " + std::to_string(height) + " x " + std::to_string(width) +
                " out of an image: both must be positive");
  Image<T> part{image.channels, height, width, {}};
  part.values.resize(static_cast<std::size_t>(image.channels) * part.plane_size());
  const int first = std::max(0, -left), last = std::min(width, image.width - left);
  for (int c = 0; c < image.channels; ++c)
    for (int y = std::max(0, -top); y < std::min(height, image.height - top) && first < last; ++y) {
      const auto from = image.row(c, top + y).subspan(static_cast<std::size_t>(left + first));
      std::copy_n(from.begin(), last - first, part.row(c, y).begin() + first);
    }
  return part;
}

/// Left and right change places.
template <class T>
void flip_horizontally(Image<T>& image) {
  for (int c = 0; c < image.channels; ++c)
    for (int y = 0; y < image.height; ++y) {
      const auto row = image.row(c, y);
      std::reverse(row.begin(), row.end());
    }
}

namespace detail {

/// One axis of a resize: output o is the sum of weight[o][k] x[first[o] + k]. The weights are a
/// triangle's around o's place in the input, as wide as the input's pixels or, where it shrinks, as
/// the output's (bilinear, antialiased).
class axis_weights {
 public:
  axis_weights(int from, int to) {
    const double scale = static_cast<double>(from) / to, wide = std::max(scale, 1.0);
    for (int o = 0; o < to; ++o) {
      const double middle = (o + 0.5) * scale;
      const int low = std::max(0, static_cast<int>(middle - wide + 0.5));
      const int high = std::min(from, static_cast<int>(middle + wide + 0.5));
      first_.push_back(low);
      begin_.push_back(weights_.size());
      double sum = 0;
      for (int i = low; i < high; ++i) {
        const double distance = std::abs(i + 0.5 - middle) / wide;
        weights_.push_back(distance < 1 ? 1 - distance : 0);
        sum += weights_.back();
      }
      for (std::size_t k = begin_.back(); k < weights_.size(); ++k) weights_[k] /= sum;
    }
    begin_.push_back(weights_.size());
  }
  /// f(o, i, weight) for each input i of each output o.
  template <class F>
  void each(F f) const {
    for (std::size_t o = 0; o < first_.size(); ++o)
      for (std::size_t k = begin_[o]; k < begin_[o + 1]; ++k)
        f(static_cast<int>(o), first_[o] + static_cast<int>(k - begin_[o]), weights_[k]);
  }

 private:
  std::vector<int> first_;
  std::vector<std::size_t> begin_;
  std::vector<double> weights_;
};

}  // namespace detail

/// Bilinear with antialias=True, which skips no pixel where it shrinks. (Enlarging, it is
/// data/resize.hpp's.)
template <class T>
Image<T> resize(const Image<T>& image, int height, int width) {
  if (height < 1 || width < 1 || image.height < 1 || image.width < 1)
    throw error("cannot resize an image of " + image.size_text() + " to " + std::to_string(height) +
                " x " + std::to_string(width) + ": all must be positive");
  const detail::axis_weights across(image.width, width), down(image.height, height);
  Image<T> wide{image.channels, image.height, width, {}};
  wide.values.resize(static_cast<std::size_t>(image.channels) * wide.plane_size());
  Image<T> to{image.channels, height, width, {}};
  to.values.resize(static_cast<std::size_t>(image.channels) * to.plane_size());
  for (int c = 0; c < image.channels; ++c) {
    for (int y = 0; y < image.height; ++y) {
      const auto from = image.row(c, y);
      const auto row = wide.row(c, y);
      across.each([&](int o, int i, double weight) {
        row[static_cast<std::size_t>(o)] +=
            static_cast<T>(weight) * from[static_cast<std::size_t>(i)];
      });
    }
    down.each([&](int o, int i, double weight) {
      const auto from = std::as_const(wide).row(c, i);
      const auto row = to.row(c, o);
      const T w = static_cast<T>(weight);
      for (std::size_t x = 0; x < row.size(); ++x) row[x] += w * from[x];
    });
  }
  return to;
}

/// A rectangle of height x width, which lies in the image, becomes `value` in all channels.
template <class T>
void erase(Image<T>& image, int top, int left, int height, int width, T value) {
  if (top < 0 || left < 0 || height < 0 || width < 0 || top > image.height - height ||
      left > image.width - width)
    throw error("a rectangle of " + std::to_string(height) + " x " + std::to_string(width) +
                " at row " + std::to_string(top) + ", column " + std::to_string(left) +
                " does not lie in an image of " + image.size_text());
  for (int c = 0; c < image.channels; ++c)
    for (int y = top; y < top + height; ++y) {
      const auto part =
          image.row(c, y).subspan(static_cast<std::size_t>(left), static_cast<std::size_t>(width));
      std::fill(part.begin(), part.end(), value);
    }
}

}  // namespace tnn
