#pragma once
// What a batch showed, and what is known of it before it is worked on.
#include <cstdint>
#include <span>
#include <string>

#include <tnn/core/error.hpp>
#include <tnn/core/math.hpp>
#include <tnn/train/loss.hpp>

namespace tnn {

/// Sums, so that batches of any size add up.
struct batch_result {
  double loss = 0;          ///< sum over all that was judged
  double weight = 0;        ///< what the mean is over: samples, values, or weights of labels
  std::int64_t right = 0;   ///< labels that had the highest value
  std::int64_t labels = 0;  ///< labels that were judged; 0 where the loss knows none
  std::int64_t count = 0;   ///< samples
  [[nodiscard]] constexpr double mean_loss() const { return weight > 0 ? loss / weight : 0; }
  [[nodiscard]] constexpr double accuracy() const {
    return labels > 0 ? static_cast<double>(right) / static_cast<double>(labels) : 0;
  }
  constexpr void add(const batch_result& other) {
    loss += other.loss;
    weight += other.weight;
    right += other.right;
    labels += other.labels;
    count += other.count;
  }
};

namespace detail {

/// A batch's result but for what is found: how many labels count, and what the mean is over.
/// tnn::error for targets that make no sense. Judging is judging<L, T, Y>.
template <class Judging, class L>
constexpr batch_result expected_of(const L& loss,
                                   std::span<const typename Judging::target> targets) {
  batch_result r;
  r.count = static_cast<std::int64_t>(targets.size()) / Judging::targets;
  for (const auto target : targets) {
    if constexpr (Judging::by_labels) {
      if constexpr (requires { loss.ignores(target); })
        if (loss.ignores(target)) continue;
      if (target < 0 || target >= Judging::classes)
        throw error("a step got the label " + std::to_string(target) + "; 0 to " +
                    std::to_string(Judging::classes - 1) + " are expected");
      ++r.labels;
    } else {
      if (!math::is_finite(target))
        throw error("a step got the target " + std::to_string(target) +
                    "; finite numbers are expected");
      if constexpr (requires { loss.check_target(target); }) loss.check_target(target);
    }
  }
  r.weight = weight_of(loss, targets);
  if (!(r.weight > 0) && reduction_of(loss) == reduction::mean)
    throw error("no label of a batch counts: each is ignore_index, or of a class of weight 0");
  return r;
}

}  // namespace detail
}  // namespace tnn
