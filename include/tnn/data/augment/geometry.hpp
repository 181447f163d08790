#pragma once
// Which part of an image is seen, and how large: torchvision.transforms.v2's Resize, CenterCrop,
// RandomCrop, RandomHorizontalFlip and RandomResizedCrop, on channels x height x width values.
// What makes one size of all has it in its type, so that a network's Input is compared with it
// while compiling. Each is a function of the sample's draws. Those that look at a part have
// view(height, width[, draws]), which decides before there is an image to look at.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include <tnn/core/error.hpp>
#include <tnn/core/exact.hpp>
#include <tnn/core/extents_text.hpp>
#include <tnn/data/draws.hpp>
#include <tnn/data/image.hpp>

namespace tnn {

namespace detail {

/// Where `size` begins in `of`, any place equally often.
inline int draw_place(int of, int size, Draws& draws) {
  return static_cast<int>(draws.below(static_cast<std::uint32_t>(of - size + 1)));
}

inline void require_probability(const char* what, double probability) {
  if (!(probability >= 0 && probability <= 1))
    throw error("the probability of " + std::string(what) + " is " + exact(probability) +
                "; expected 0 to 1");
}

/// Base of a transform that makes images of one size.
template <int Height, int Width>
struct makes_size {
  static_assert(Height >= 1 && Width >= 1, "height and width must be 1 or more");
  static constexpr int height = Height, width = Width;
  [[nodiscard]] std::vector<int> shape(const std::vector<int>& from) const {
    require_image(from);
    return {from[0], Height, Width};
  }
  static void require_image(std::span<const int> shape) {
    if (shape.size() != 3)
      throw error("the samples are " + extents_text(shape, " x ") +
                  ", and only images of channels x height x width have a size to change");
  }
  static std::string text() { return std::to_string(Height) + " x " + std::to_string(Width); }
};

}  // namespace detail

/// To Height x Width, whatever the image's shape.
template <int Height, int Width = Height>
struct Resize : detail::makes_size<Height, Width> {
  [[nodiscard]] ImageView view(int of_height, int of_width) const {
    return {0, 0, of_height, of_width, Height, Width};
  }
  template <class T>
  void operator()(Image<T>& image) const {
    detail::show(image, view(image.height, image.width));
  }
};

/// The shorter side becomes Side, the other follows, rounded down.
template <int Side>
struct ResizeShortSide {
  static_assert(Side >= 1, "the side must be 1 or more");
  [[nodiscard]] std::vector<int> shape(const std::vector<int>& from) const {
    detail::makes_size<Side, Side>::require_image(from);
    return {from[0], longer(from[1], from[2]), longer(from[2], from[1])};
  }
  [[nodiscard]] ImageView view(int height, int width) const {
    return {0, 0, height, width, longer(height, width), longer(width, height)};
  }
  template <class T>
  void operator()(Image<T>& image) const {
    detail::show(image, view(image.height, image.width));
  }

 private:
  /// What becomes of a side beside another.
  static int longer(std::int64_t side, std::int64_t other) {
    constexpr std::int64_t most = std::numeric_limits<int>::max();
    return side <= other ? Side : static_cast<int>(std::min(most, Side * side / other));
  }
};

/// The middle of the image; tnn::error where that is smaller.
template <int Height, int Width = Height>
struct CentreCrop : detail::makes_size<Height, Width> {
  void check(std::span<const int> shape) const {
    this->require_image(shape);
    if (shape[1] < Height || shape[2] < Width)
      throw error("the images are " + std::to_string(shape[1]) + " x " + std::to_string(shape[2]) +
                  ", and no " + this->text() + " can be cut out of them: resize them before");
  }
  [[nodiscard]] ImageView view(int of_height, int of_width) const {
    check(std::array{1, of_height, of_width});
    // As Python rounds: a half to the even number.
    const auto middle = [](int more) { return more / 2 + (more % 2 == 1 && more / 2 % 2 == 1); };
    return {middle(of_height - Height), middle(of_width - Width), Height, Width, Height, Width};
  }
  template <class T>
  void operator()(Image<T>& image) const {
    detail::show(image, view(image.height, image.width));
  }
};

/// Any part of the image with a border of Padding zeros around it.
template <int Height, int Width = Height, int Padding = 0>
struct RandomCrop : detail::makes_size<Height, Width> {
  static_assert(Padding >= 0, "the padding must be 0 or more");
  void check(std::span<const int> shape) const {
    this->require_image(shape);
    if (shape[1] + 2 * Padding < Height || shape[2] + 2 * Padding < Width)
      throw error("the images are " + std::to_string(shape[1]) + " x " + std::to_string(shape[2]) +
                  ", and with a border of " + std::to_string(Padding) + " no " + this->text() +
                  " can be cut out of them: resize them before");
  }
  [[nodiscard]] ImageView view(int of_height, int of_width, Draws& draws) const {
    check(std::array{1, of_height, of_width});
    const int top = detail::draw_place(of_height + 2 * Padding, Height, draws) - Padding;
    const int left = detail::draw_place(of_width + 2 * Padding, Width, draws) - Padding;
    return {top, left, Height, Width, Height, Width};
  }
  template <class T>
  void operator()(Image<T>& image, Draws& draws) const {
    detail::show(image, view(image.height, image.width, draws));
  }
};

/// Mirrored, left to right, with a probability.
struct RandomHorizontalFlip {
  double probability = 0.5;
  void check(std::span<const int> shape) const {
    detail::makes_size<1, 1>::require_image(shape);
    detail::require_probability("a flip", probability);
  }
  template <class T>
  void operator()(Image<T>& image, Draws& draws) const {
    if (static_cast<double>(draws.uniform()) < probability) flip_horizontally(image);
  }
};

namespace detail {

struct rectangle {
  int top, left, height, width;
};

/// Draws a rectangle in height x width whose area is a share of the whole, uniform over `share`,
/// and whose width / height is uniform on a logarithmic scale over `ratio`: at most ten tries, then
/// height 0. With `inside` it may not be as large as the whole in either direction.
inline rectangle draw_rectangle(int height, int width, std::array<double, 2> share,
                                std::array<double, 2> ratio, bool inside, Draws& draws) {
  const auto between = [&draws](double low, double high) {
    return low + static_cast<double>(draws.uniform()) * (high - low);
  };
  for (int tries = 0; tries < 10; ++tries) {
    const double area = double(height) * width * between(share[0], share[1]);
    const double aspect = std::exp(between(std::log(ratio[0]), std::log(ratio[1])));
    const int w = static_cast<int>(std::lround(std::sqrt(area * aspect)));
    const int h = static_cast<int>(std::lround(std::sqrt(area / aspect)));
    if (h < 1 || w < 1 || h > height - inside || w > width - inside) continue;
    const int top = draw_place(height, h, draws);
    return {top, draw_place(width, w, draws), h, w};
  }
  return {0, 0, 0, 0};
}

/// tnn::error unless 0 < low <= high, and high <= most.
inline void require_range(const char* what, std::array<double, 2> range, double most) {
  if (!(range[0] > 0 && range[0] <= range[1] && range[1] <= most))
    throw error("the " + std::string(what) + " goes from " + exact(range[0]) + " to " +
                exact(range[1]) + "; expected more than 0, the less first, at most " + exact(most));
}

}  // namespace detail

/// A part of the image, of any area and shape in these ranges, resized to Height x Width. Where ten
/// draws give none that fits, the middle, as large as the ratios allow.
template <int Height, int Width = Height>
struct RandomResizedCrop {
  std::array<double, 2> scale{0.08, 1};               ///< of the area
  std::array<double, 2> ratio{3.0 / 4.0, 4.0 / 3.0};  ///< width / height

  static constexpr int height = Height, width = Width;
  [[nodiscard]] std::vector<int> shape(const std::vector<int>& from) const {
    return detail::makes_size<Height, Width>{}.shape(from);
  }
  void check(std::span<const int> shape) const {
    detail::makes_size<Height, Width>::require_image(shape);
    detail::require_range("scale of a random crop", scale, 1);
    detail::require_range("ratio of a random crop", ratio, 1e6);
  }
  [[nodiscard]] ImageView view(int of_height, int of_width, Draws& draws) const {
    detail::rectangle r = detail::draw_rectangle(of_height, of_width, scale, ratio, false, draws);
    if (r.height == 0) r = middle(of_height, of_width);
    return {r.top, r.left, r.height, r.width, Height, Width};
  }
  template <class T>
  void operator()(Image<T>& image, Draws& draws) const {
    detail::show(image, view(image.height, image.width, draws));
  }

 private:
  [[nodiscard]] detail::rectangle middle(int of_height, int of_width) const {
    const double shape = double(of_width) / of_height;
    int h = of_height, w = of_width;
    if (shape < ratio[0]) h = static_cast<int>(std::lround(w / ratio[0]));
    if (shape > ratio[1]) w = static_cast<int>(std::lround(h * ratio[1]));
    return {(of_height - h) / 2, (of_width - w) / 2, h, w};
  }
};

}  // namespace tnn
