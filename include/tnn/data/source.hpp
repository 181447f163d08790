#pragma once
// What a data set is: samples that can be asked for one by one, in any order, from several threads
// at a time. A data set of your own has
//   using target = std::int32_t;        if its targets are labels; float or double if values
//   size()                              samples
//   shape()                             extents of one sample, as the network's Input has them
//   write(i, draws, x, targets) const   fills x and targets with sample i, 0 <= i < size(). What is
//                                       random in it is drawn from `draws`, and from nothing else
// and, if it wants:
//   targets()                           targets a sample; 1 without it
//   classes()                           labels are 0 .. classes() - 1; not known without it
// One of images that differ in size, for a Transformed, has channels(), label(i) and image<T>(i,
// choose) instead of shape() and write().
#include <concepts>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include <tnn/core/error.hpp>
#include <tnn/data/draws.hpp>
#include <tnn/data/image.hpp>

namespace tnn {

namespace detail {

/// What a network with scalars T is given as targets: labels as they are, values as T.
template <class D, class T>
using target_of = std::conditional_t<std::integral<typename D::target>, std::int32_t, T>;

}  // namespace detail

template <class D, class T = float>
concept SampleSource = std::move_constructible<D> &&
    requires(const D& data, std::int64_t i, Draws& draws, std::span<T> x,
             std::span<detail::target_of<D, T>> targets) {
  { data.size() } -> std::convertible_to<std::int64_t>;
  { data.shape() } -> std::convertible_to<std::span<const int>>;
  data.write(i, draws, x, targets);
};

/// Images of any size, with a label each. image<T>(i, choose) asks choose(height, width) for an
/// ImageView of image i, and gives what that shows of it, as values in [0, 1]: so a source may
/// decode what is wanted, and no more.
template <class D, class T = float>
concept ImageSource = std::move_constructible<D> &&
    requires(const D& data, std::int64_t i, ImageView (*choose)(int height, int width)) {
  typename D::target;
  { data.size() } -> std::convertible_to<std::int64_t>;
  { data.channels() } -> std::convertible_to<int>;
  { data.label(i) } -> std::convertible_to<std::int32_t>;
  { data.template image<T>(i, choose) } -> std::same_as<Image<T>>;
};

namespace detail {

template <class D>
concept images_differ = ImageSource<D, float> || ImageSource<D, double>;

/// Whether all that a transform or a data set makes has one size, which is in its type.
template <class F>
concept has_one_size = requires {
  std::integral_constant<int, F::height>{};
  std::integral_constant<int, F::width>{};
};

/// Values of a sample of a shape; tnn::error for one that cannot be.
inline std::int64_t values_of(std::span<const int> shape) {
  std::int64_t values = 1;
  for (const int extent : shape) {
    if (extent < 1)
      throw error("an extent of a sample is " + std::to_string(extent) + "; expected 1 or more");
    if (__builtin_mul_overflow(values, extent, &values)) throw error("a sample is too large");
  }
  return values;
}

template <class D>
std::vector<int> shape_of(const D& data) {
  const auto shape = data.shape();  // may own what the span looks at
  const std::span<const int> extents = shape;
  static_cast<void>(values_of(extents));
  return {extents.begin(), extents.end()};
}

/// Targets a sample.
template <class D>
std::int64_t targets_of(const D& data) {
  if constexpr (requires { data.targets(); }) {
    if (data.targets() < 1)
      throw error("the data has " + std::to_string(data.targets()) +
                  " targets a sample; expected 1 or more");
    return data.targets();
  } else {
    return 1;
  }
}

}  // namespace detail
}  // namespace tnn
