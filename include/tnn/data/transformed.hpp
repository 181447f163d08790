#pragma once
// Transformed<D, F...>: the data set D, each sample of which is changed by F... in turn:
//   Transformed data{images.first(1000), Resize<256>{}, RandomCrop<224>{}, Normalise{{0.3},
//   {0.4}}};
// A transform is one of these, its parameters' types written out (no auto&):
//   f(x), f(x, draws)           changes the values of a sample in place; x is std::span<T>
//   f(image), f(image, draws)   changes an Image<T>&, its size too; of samples of channels x height
//                               x width. One that changes the size says what becomes of a shape,
//                               shape(from), or has the size in its type: height and width
// Several threads call it at a time. What it throws reaches who asked for the batch. Before the
// first sample check(shape) of those that have it is asked whether they fit such samples.
#include <algorithm>
#include <concepts>
#include <cstdint>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <tnn/core/error.hpp>
#include <tnn/core/extents_text.hpp>
#include <tnn/data/augment/normalise.hpp>
#include <tnn/data/image.hpp>
#include <tnn/data/source.hpp>

namespace tnn {

namespace detail {

template <class F, class T>
concept changes_images = requires(const F& f, Image<T>& image, Draws& draws) {
  f(image, draws);
}
|| requires(const F& f, Image<T>& image) { f(image); };
template <class F, class T>
concept changes_values = requires(const F& f, std::span<T> x, Draws& draws) {
  f(x, draws);
}
|| requires(const F& f, std::span<T> x) { f(x); };

template <class F>
concept has_shape = requires(const F& f, const std::vector<int>& from) {
  { f.shape(from) } -> std::convertible_to<std::vector<int>>;
};

/// A transform that decides what it looks at before there is an image: an ImageSource is told,
/// where the transform is the first.
template <class F>
concept has_view = requires(const F& f, Draws& draws) {
  { f.view(1, 1, draws) } -> std::same_as<ImageView>;
}
|| requires(const F& f) {
  { f.view(1, 1) } -> std::same_as<ImageView>;
};

/// Whether the data set makes samples of values T and targets Target.
template <class D, class T, class Target>
concept makes_samples = (ImageSource<D, T> && std::same_as<Target, std::int32_t>) ||
                        requires(const D& d, Draws& r, std::span<T> x, std::span<Target> t) {
  d.write(0, r, x, t);
};

/// What the images' height and width are taken for while nothing is known of them: any view fits.
inline constexpr int any_size = 1 << 20;

/// Height and width that the last of F to have them gives all samples; 0 where none has.
template <class... F>
constexpr std::pair<int, int> final_size() {
  std::pair<int, int> size{0, 0};
  const auto take = [&]<class G>(const G*) {
    if constexpr (has_one_size<G>)
      size = {G::height, G::width};
    else if constexpr (has_shape<G>)
      size = {0, 0};
  };
  (take(static_cast<const F*>(nullptr)), ...);
  return size;
}

}  // namespace detail

template <class D, class... F>
class Transformed {
  static_assert(!detail::images_differ<D> || (detail::has_one_size<F> || ...),
                "the images differ in size: one of the transforms must give all of them one, as "
                "Resize<H, W>, RandomResizedCrop<H, W>, or ResizeShortSide<S> and then "
                "CentreCrop<H, W> or RandomCrop<H, W>");

 public:
  using target = typename D::target;
  /// What all samples have, where a transform gives it to them; else 0.
  static constexpr int height = detail::final_size<D, F...>().first,
                       width = detail::final_size<D, F...>().second;

  /// Where D's images differ in size, nothing is known of it before the first transform that gives
  /// them one. tnn::error where a transform finds that it doesn't fit the samples.
  explicit Transformed(D data, F... transforms)
      : data_(std::move(data)), transforms_(std::move(transforms)...) {
    if constexpr (detail::images_differ<D>)
      shape_ = {data_.channels(), detail::any_size, detail::any_size};
    else
      shape_ = detail::shape_of(data_);
    std::apply([&](const F&... f) { (follow(f), ...); }, transforms_);
  }

  [[nodiscard]] std::int64_t size() const { return data_.size(); }
  [[nodiscard]] std::span<const int> shape() const { return shape_; }
  [[nodiscard]] std::int64_t targets() const { return detail::targets_of(data_); }
  [[nodiscard]] int classes() const requires requires(const D& d) { d.classes(); }
  { return data_.classes(); }

  template <class T, class Target>
  requires(detail::makes_samples<D, T, Target> &&
           ((detail::changes_images<F, T> ||
             detail::changes_values<F, T>)&&...)) void write(std::int64_t i, Draws& draws,
                                                             std::span<T> x,
                                                             std::span<Target> targets) const {
    if constexpr (detail::images_differ<D>) {
      Image<T> image = std::apply(
          [&](const auto& first, const auto&... rest) {
            Image<T> begun = begin(i, first, draws, T{});
            (change(rest, begun, draws), ...);
            return begun;
          },
          transforms_);
      targets[0] = data_.label(i);
      finish(i, image, x);
    } else if constexpr ((detail::changes_values<F, T> && ...)) {
      data_.write(i, draws, x, targets);
      std::apply([&](const F&... f) { (change(f, x, draws), ...); }, transforms_);
    } else {
      const std::vector<int> from = detail::shape_of(data_);
      Image<T> image{from[0], from[1], from[2], {}};
      image.values.resize(static_cast<std::size_t>(detail::values_of(from)));
      data_.write(i, draws, std::span(image.values), targets);
      std::apply([&](const F&... f) { (change(f, image, draws), ...); }, transforms_);
      finish(i, image, x);
    }
  }

 private:
  /// What becomes of the shape.
  template <class G>
  void follow(const G& f) {
    if constexpr (requires { f.check(std::span<const int>(shape_)); })
      f.check(std::span<const int>(shape_));
    if constexpr (detail::changes_images<G, float> || detail::changes_images<G, double>)
      if (shape_.size() != 3)
        throw error("a transform changes images, but the samples are " +
                    detail::extents_text(shape_, " x ") + ": give them channels, height and width");
    if constexpr (detail::has_shape<G> && !detail::has_one_size<G> && detail::images_differ<D>) {
      if (shape_[1] == detail::any_size && shape_[2] == detail::any_size) return;
    }
    if constexpr (detail::has_shape<G>) {
      static_assert(detail::changes_images<G, float> || detail::changes_images<G, double>,
                    "only a transform of images changes the shape of a sample");
      shape_ = f.shape(shape_);
    } else if constexpr (detail::has_one_size<G>) {
      shape_ = {shape_[0], G::height, G::width};
    }
  }

  /// Image i, changed by the first transform.
  template <class G, class T>
  Image<T> begin(std::int64_t i, const G& first, Draws& draws, T) const {
    if constexpr (detail::has_view<G>) {
      return data_.template image<T>(i, [&](int of_height, int of_width) {
        if constexpr (requires { first.view(of_height, of_width, draws); })
          return first.view(of_height, of_width, draws);
        else
          return first.view(of_height, of_width);
      });
    } else {
      Image<T> image = data_.template image<T>(i, [](int of_height, int of_width) {
        return ImageView{0, 0, of_height, of_width, of_height, of_width};
      });
      change(first, image, draws);
      return image;
    }
  }

  /// The image's values to x, whose size they must have.
  template <class T>
  void finish(std::int64_t i, const Image<T>& image, std::span<T> x) const {
    if (image.channels != shape_[0] || image.height != shape_[1] || image.width != shape_[2] ||
        image.values.size() != x.size())
      throw error("the transforms made an image of " + std::to_string(image.channels) + " x " +
                  image.size_text() + " with " + std::to_string(image.values.size()) +
                  " values of sample " + std::to_string(i) + "; expected " +
                  detail::extents_text(shape_, " x "));
    std::copy(image.values.begin(), image.values.end(), x.begin());
  }

  template <class G, class T>
  static void change(const G& f, std::span<T> x, Draws& draws) {
    if constexpr (requires { f(x, draws); }) {
      f(x, draws);
    } else {
      f(x);
    }
  }
  template <class G, class T>
  static void change(const G& f, Image<T>& image, Draws& draws) {
    if constexpr (requires { f(image, draws); }) {
      f(image, draws);
    } else if constexpr (requires { f(image); }) {
      f(image);
    } else {
      change(f, std::span(image.values), draws);
    }
  }

  D data_;
  std::tuple<F...> transforms_;
  std::vector<int> shape_;
};

}  // namespace tnn
