#pragma once
// Whether a data set is one that a model can be trained on by a loss.
#include <algorithm>
#include <concepts>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include <tnn/core/error.hpp>
#include <tnn/core/extents_text.hpp>
#include <tnn/core/facts.hpp>
#include <tnn/core/math.hpp>
#include <tnn/core/parameters.hpp>
#include <tnn/data/source.hpp>
#include <tnn/train/batch_result.hpp>
#include <tnn/train/loss.hpp>

namespace tnn::detail {

/// Whether data of one height and width, unless they are 0, has those of the Input X.
template <class X, class D>
inline constexpr bool fits_input = D::height == 0;
template <int C, int H, int W, class D>
inline constexpr bool fits_input<Shape<C, H, W>, D> = D::height == 0 ||
                                                      (D::height == H && D::width == W);

/// tnn::error unless samples of the data have the Input's shape.
template <class M, class D>
void require_input(const D& data) {
  using X = input_t<typename M::network>;
  if constexpr (has_one_size<D>)
    static_assert(fits_input<X, D>,
                  "the images are resized or cropped to another height and width than the "
                  "network's Input has");
  const std::vector<int> given = shape_of(data);
  if (!std::ranges::equal(given, extents_of<X>::values))
    throw error("the samples are " + extents_text(given, " x ") + ", the network's Input " +
                extents_text(extents_of<X>::values, " x ") +
                ": give the samples that shape (images: resized(height, width)), or the network "
                "another Input");
}

/// tnn::error unless the loss makes sense for the network, and samples and targets of the data are
/// what both want.
template <class M, class L, class D>
void require_fit([[maybe_unused]] const D& data, [[maybe_unused]] const L& loss) {
  if constexpr (judges<M, L>()) {
    using how = judging<L, typename M::scalar, output_t<typename M::network>>;
    static_assert(std::integral<typename D::target> == how::by_labels,
                  "the targets of the data are labels and the loss judges by values, or the other "
                  "way round");
    require_input<M>(data);
    if (targets_of(data) != how::targets)
      throw error("the data has " + std::to_string(targets_of(data)) +
                  " targets a sample, the loss " + std::to_string(how::targets));
    if constexpr (requires { loss.check(how::classes); }) loss.check(how::classes);
    if constexpr (requires { data.classes(); })
      if (data.classes() > how::classes)
        throw error("the data has " + std::to_string(data.classes()) + " classes, the network " +
                    std::to_string(how::classes));
  }
}

/// Whether all are numbers, and none is infinite.
template <class T>
bool all_finite(std::span<const T> values) {
  math::detail::bits_of<T> largest = 0;  // by its bits, the sign aside: vectorized, unlike a branch
  for (const T value : values) {
    const auto size = math::detail::to_bits(value) << 1;
    largest = size > largest ? size : largest;
  }
  return largest < math::detail::to_bits(std::numeric_limits<T>::infinity()) << 1;
}

/// A Loader's check of a sample: a bad value or target is a tnn::error that says which sample has
/// it.
template <class M, class D, class L>
auto sample_check([[maybe_unused]] const L& loss) {
  using T = typename M::scalar;
  using target = target_of<D, T>;
  std::function<void(std::int64_t, std::span<const T>, std::span<const target>)> check;
  if constexpr (judges<M, L>()) {
    check = [loss](std::int64_t sample, std::span<const T> x, std::span<const target> targets) {
      const auto who = [sample] { return "sample " + std::to_string(sample) + " of the data has"; };
      if (!all_finite(x))
        for (const T value : x)
          if (!math::is_finite(value))
            throw error(who() + " the value " + std::to_string(value) +
                        "; finite numbers are expected");
      check_targets<judging<L, T, output_t<typename M::network>>>(loss, targets, who);
    };
  }
  return check;
}

}  // namespace tnn::detail
