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

/// A part of an image, whose first row and column are top and left, and the size that it becomes:
/// what a transform decides before it sees the image.
struct ImageView {
  int top = 0, left = 0, height = 0, width = 0;
  int to_height = 0, to_width = 0;
};

namespace detail {

/// A part of an image, in pixels and fractions of them.
struct fraction_of_image {
  double top, left, height, width;
};

/// One axis of a resize of the part [begin, begin + length) of an axis of pixels: output o is the
/// sum of weight(o, k) x[first(o) + k] over k < taps(). The weights are a triangle's around o's
/// place in the input, as wide as the input's pixels or, where it shrinks, as the output's
/// (bilinear, antialiased). Pixels beyond the part count for nothing.
template <class T>
class axis_weights {
 public:
  axis_weights(double begin, double length, int to) : first_(static_cast<std::size_t>(to)) {
    const double scale = length / to, wide = std::max(scale, 1.0);
    const int least = static_cast<int>(begin), end = static_cast<int>(std::ceil(begin + length));
    taps_ = static_cast<std::size_t>(std::min(end - least, static_cast<int>(std::ceil(2 * wide))));
    weights_.resize(first_.size() * taps_);
    std::vector<double> weight(taps_);
    for (std::size_t o = 0; o < first_.size(); ++o) {
      const double middle = begin + (static_cast<double>(o) + 0.5) * scale;
      const int low = std::max(least, static_cast<int>(middle - wide + 0.5));
      const int high = std::min(end, static_cast<int>(middle + wide + 0.5));
      first_[o] = static_cast<std::size_t>(std::min(low, end - static_cast<int>(taps_)));
      double sum = 0;
      for (std::size_t k = 0; k < taps_; ++k) {
        const int i = static_cast<int>(first_[o] + k);
        const double distance = std::abs(i + 0.5 - middle) / wide;
        weight[k] = i >= low && i < high && distance < 1 ? 1 - distance : 0;
        sum += weight[k];
      }
      for (std::size_t k = 0; k < taps_; ++k)
        weights_[o * taps_ + k] = static_cast<T>(weight[k] / sum);
    }
  }
  [[nodiscard]] std::size_t size() const { return first_.size(); }
  [[nodiscard]] std::size_t taps() const { return taps_; }
  [[nodiscard]] std::size_t first(std::size_t o) const { return first_[o]; }
  [[nodiscard]] const T* weights(std::size_t o) const { return weights_.data() + o * taps_; }

 private:
  std::vector<std::size_t> first_;
  std::size_t taps_ = 0;
  std::vector<T> weights_;
};

/// `scale` times a part of the image, which lies in it, resized: bilinear with antialias=True.
template <class T, class Pixel>
Image<T> resized_part(const Image<Pixel>& image, const fraction_of_image& part, int height,
                      int width, T scale) {
  const axis_weights<T> down(part.top, part.height, height), across(part.left, part.width, width);
  Image<T> to{image.channels, height, width, {}};
  to.values.resize(static_cast<std::size_t>(image.channels) * to.plane_size());
  std::vector<T> blended(static_cast<std::size_t>(image.width));
  for (int c = 0; c < image.channels; ++c)
    for (int y = 0; y < height; ++y) {
      const auto line = static_cast<std::size_t>(y);
      std::fill(blended.begin(), blended.end(), T{0});
      for (std::size_t k = 0; k < down.taps(); ++k) {
        const Pixel* const from = image.row(c, static_cast<int>(down.first(line) + k)).data();
        const T weight = down.weights(line)[k] * scale;
        for (std::size_t x = 0; x < blended.size(); ++x)
          blended[x] += weight * static_cast<T>(from[x]);
      }
      T* const row = to.row(c, y).data();
      for (std::size_t o = 0; o < across.size(); ++o) {
        const T* const from = blended.data() + across.first(o);
        const T* const weights = across.weights(o);
        T sum = 0;
        for (std::size_t k = 0; k < across.taps(); ++k) sum += weights[k] * from[k];
        row[o] = sum;
      }
    }
  return to;
}

}  // namespace detail

/// Bilinear with antialias=True, which skips no pixel where it shrinks. (Enlarging, it is
/// data/resize.hpp's.)
template <class T>
Image<T> resize(const Image<T>& image, int height, int width) {
  if (height < 1 || width < 1 || image.height < 1 || image.width < 1)
    throw error("cannot resize an image of " + image.size_text() + " to " + std::to_string(height) +
                " x " + std::to_string(width) + ": all must be positive");
  return detail::resized_part(image, {0, 0, double(image.height), double(image.width)}, height,
                              width, T{1});
}

namespace detail {

/// The image becomes what the view shows of it.
template <class T>
void show(Image<T>& image, const ImageView& view) {
  if (view.top != 0 || view.left != 0 || view.height != image.height || view.width != image.width)
    image = crop(image, view.top, view.left, view.height, view.width);
  if (view.height != view.to_height || view.width != view.to_width)
    image = resize(image, view.to_height, view.to_width);
}

}  // namespace detail

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
