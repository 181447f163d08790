#pragma once
// The colours of an image, and rectangles that are hidden: torchvision.transforms.v2's ColorJitter
// and RandomErasing, on channels x height x width values in [0, 1]. With r the grey of a pixel,
// .2989 R + .587 G + .114 B (of one channel: itself):
//   brightness  f x        contrast  f x + (1 - f) mean of r        saturation  f x + (1 - f) r
//   hue         the angle of the colour turns by f of a whole turn, -1/2 <= f <= 1/2
// and all are cut off at 0 and 1.
#include <array>
#include <cmath>
#include <span>
#include <string>

#include <tnn/core/error.hpp>
#include <tnn/core/exact.hpp>
#include <tnn/data/augment/geometry.hpp>
#include <tnn/data/draws.hpp>
#include <tnn/data/image.hpp>

namespace tnn {

namespace detail {

template <class T>
T in_0_1(T x) {
  return x < 0 ? T{0} : x > 1 ? T{1} : x;
}

/// The grey of pixel i.
template <class T>
T grey(const Image<T>& image, std::size_t i) {
  if (image.channels != 3) return image.values[i];
  const std::size_t plane = image.plane_size();
  return static_cast<T>(0.2989) * image.values[i] +
         static_cast<T>(0.587) * image.values[plane + i] +
         static_cast<T>(0.114) * image.values[2 * plane + i];
}

/// Red, green and blue after their colour has turned; its saturation and value stay.
template <class T>
std::array<T, 3> turned(std::array<T, 3> rgb, T turns) {
  const T most = std::max({rgb[0], rgb[1], rgb[2]}), least = std::min({rgb[0], rgb[1], rgb[2]});
  const T range = most - least;
  if (range == 0) return rgb;
  T sixths = most == rgb[0]   ? (rgb[1] - rgb[2]) / range
             : most == rgb[1] ? 2 + (rgb[2] - rgb[0]) / range
                              : 4 + (rgb[0] - rgb[1]) / range;
  sixths += 6 * turns;
  sixths -= 6 * std::floor(sixths / 6);
  // A channel is `most` in the two sixths around its own colour, and falls in the next on both
  // sides: red at 0, green at 2, blue at 4.
  const auto channel = [&](T own) {
    T away = std::abs(sixths - own);
    if (away > 3) away = 6 - away;
    return least + range * in_0_1(2 - away);
  };
  return {channel(0), channel(2), channel(4)};
}

}  // namespace detail

template <class T>
void adjust_brightness(Image<T>& image, T factor) {
  for (T& x : image.values) x = detail::in_0_1(factor * x);
}

template <class T>
void adjust_contrast(Image<T>& image, T factor) {
  double sum = 0;
  for (std::size_t i = 0; i < image.plane_size(); ++i)
    sum += static_cast<double>(detail::grey(image, i));
  const T mean = static_cast<T>(sum / static_cast<double>(image.plane_size()));
  for (T& x : image.values) x = detail::in_0_1(factor * x + (1 - factor) * mean);
}

template <class T>
void adjust_saturation(Image<T>& image, T factor) {
  if (image.channels != 3) return;
  const std::size_t plane = image.plane_size();
  for (std::size_t i = 0; i < plane; ++i) {
    const T grey = detail::grey(image, i);
    for (std::size_t c = 0; c < 3; ++c) {
      T& x = image.values[c * plane + i];
      x = detail::in_0_1(factor * x + (1 - factor) * grey);
    }
  }
}

template <class T>
void adjust_hue(Image<T>& image, T turns) {
  if (image.channels != 3) return;
  const std::size_t plane = image.plane_size();
  for (std::size_t i = 0; i < plane; ++i) {
    T& r = image.values[i];
    T& g = image.values[plane + i];
    T& b = image.values[2 * plane + i];
    const auto changed = detail::turned<T>({r, g, b}, turns);
    r = changed[0];
    g = changed[1];
    b = changed[2];
  }
}

/// Brightness, contrast, saturation and hue change by random factors, in random order. A figure of
/// 0 leaves that as it is; b gives factors of 1 - b (but not below 0) to 1 + b; hue h turns by -h
/// to h. Of images of one channel only brightness and contrast change.
/// Values are cut off at 0 and 1, so this belongs before Normalise.
struct ColourJitter {
  double brightness = 0, contrast = 0, saturation = 0, hue = 0;

  void check(std::span<const int> shape) const {
    detail::makes_size<1, 1>::require_image(shape);
    if (shape[0] != 1 && shape[0] != 3)
      throw error("the images have " + std::to_string(shape[0]) +
                  " channels; ColourJitter changes images of 1 or 3");
    for (const double most : {brightness, contrast, saturation})
      if (!(most >= 0 && most < 1e6))
        throw error("a figure of ColourJitter is " + detail::exact(most) + "; expected 0 or more");
    if (!(hue >= 0 && hue <= 0.5))
      throw error("the hue of ColourJitter is " + detail::exact(hue) + "; expected 0 to 0.5");
  }
  template <class T>
  void operator()(Image<T>& image, Draws& draws) const {
    std::array<int, 4> order{0, 1, 2, 3};
    for (std::uint32_t left = 4; left > 1; --left)
      std::swap(order[left - 1], order[draws.below(left)]);
    const auto between = [&draws](double low, double high) {
      return static_cast<T>(low + static_cast<double>(draws.uniform()) * (high - low));
    };
    const auto around_1 = [&](double by) { return between(std::max(0.0, 1 - by), 1 + by); };
    for (const int what : order) {
      if (what == 0 && brightness > 0) adjust_brightness(image, around_1(brightness));
      if (what == 1 && contrast > 0) adjust_contrast(image, around_1(contrast));
      if (what == 2 && saturation > 0) adjust_saturation(image, around_1(saturation));
      if (what == 3 && hue > 0) adjust_hue(image, between(-hue, hue));
    }
  }
};

/// With a probability a rectangle becomes `value`: behind Normalise 0, the mean, hides most.
struct RandomErasing {
  double probability = 0.5;
  std::array<double, 2> scale{0.02, 0.33};  ///< of the area
  std::array<double, 2> ratio{0.3, 3.3};    ///< height / width
  double value = 0;

  void check(std::span<const int> shape) const {
    detail::makes_size<1, 1>::require_image(shape);
    detail::require_probability("an erasing", probability);
    detail::require_range("scale of an erasing", scale, 1);
    detail::require_range("ratio of an erasing", ratio, 1e6);
  }
  template <class T>
  void operator()(Image<T>& image, Draws& draws) const {
    if (static_cast<double>(draws.uniform()) >= probability) return;
    const detail::rectangle r = detail::draw_rectangle(image.height, image.width, scale,
                                                       {1 / ratio[1], 1 / ratio[0]}, true, draws);
    if (r.height > 0) erase(image, r.top, r.left, r.height, r.width, static_cast<T>(value));
  }
};

}  // namespace tnn
