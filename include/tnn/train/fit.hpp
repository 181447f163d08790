#pragma once
// Whether a data set is one that a model can be trained on by a loss.
#include <algorithm>
#include <concepts>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include <tnn/core/error.hpp>
#include <tnn/core/extents_text.hpp>
#include <tnn/core/facts.hpp>
#include <tnn/core/parameters.hpp>
#include <tnn/data/source.hpp>
#include <tnn/train/batch_result.hpp>
#include <tnn/train/loss.hpp>

namespace tnn::detail {

/// tnn::error, with both shapes, unless samples and targets of the data are what network and loss
/// want.
template <class M, class L, class D>
void require_fit([[maybe_unused]] const D& data) {
  if constexpr (M::is_built) {
    using how = judging<L, typename M::scalar, output_t<typename M::network>>;
    static_assert(std::integral<typename D::target> == how::by_labels,
                  "the targets of the data are labels and the loss judges by values, or the other "
                  "way round");
    const auto& wanted = extents_of<input_t<typename M::network>>::values;
    const std::vector<int> given = shape_of(data);
    if (!std::ranges::equal(given, wanted))
      throw error("the samples are " + extents_text(given, " x ") + ", the network's Input " +
                  extents_text(wanted, " x ") +
                  ": give the samples that shape (images: resized(height, width)), or the network "
                  "another Input");
    if (targets_of(data) != how::targets)
      throw error("the data has " + std::to_string(targets_of(data)) +
                  " targets a sample, the loss " + std::to_string(how::targets));
    if constexpr (requires { data.classes(); })
      if (data.classes() > how::classes)
        throw error("the data has " + std::to_string(data.classes()) + " classes, the network " +
                    std::to_string(how::classes));
  }
}

/// A Loader's check of a sample's targets: a bad one is a tnn::error that says which sample has it.
template <class M, class D, class L>
auto target_check([[maybe_unused]] const L& loss) {
  using target = target_of<D, typename M::scalar>;
  std::function<void(std::int64_t, std::span<const target>)> check;
  if constexpr (M::is_built) {
    check = [loss](std::int64_t sample, std::span<const target> targets) {
      check_targets<judging<L, typename M::scalar, output_t<typename M::network>>>(
          loss, targets,
          [sample] { return "sample " + std::to_string(sample) + " of the data has"; });
    };
  }
  return check;
}

}  // namespace tnn::detail
