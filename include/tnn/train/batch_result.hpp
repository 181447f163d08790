#pragma once
// What a batch showed, and what is known of it before it is worked on.
#include <cstdint>
#include <limits>
#include <span>
#include <string>

#include <tnn/core/error.hpp>
#include <tnn/core/math.hpp>
#include <tnn/train/loss.hpp>

namespace tnn {

/// Sums, so that batches of any size add up.
struct BatchResult {
  double loss = 0;          ///< sum over all that was judged
  double weight = 0;        ///< what the mean is over: samples, values, or weights of labels
  std::int64_t right = 0;   ///< labels that had the highest value
  std::int64_t labels = 0;  ///< labels that were judged; 0 where the loss knows none
  std::int64_t count = 0;   ///< samples
  /// 0 where nothing has been judged.
  [[nodiscard]] constexpr double mean_loss() const { return weight > 0 ? loss / weight : 0; }
  /// NaN where no label has.
  [[nodiscard]] constexpr double accuracy() const {
    return labels > 0 ? static_cast<double>(right) / static_cast<double>(labels)
                      : std::numeric_limits<double>::quiet_NaN();
  }
  constexpr void add(const BatchResult& other) {
    loss += other.loss;
    weight += other.weight;
    right += other.right;
    labels += other.labels;
    count += other.count;
  }
};

namespace detail {

/// tnn::error for targets that make no sense; `who` has them. Judging is judging<L, T, Y>.
template <class Judging, class L>
constexpr void check_targets(const L& loss, std::span<const typename Judging::target> targets,
                             const auto& who) {
  for (const auto target : targets) {
    if constexpr (Judging::by_labels) {
      if constexpr (requires { loss.ignores(target); })
        if (loss.ignores(target)) continue;
      if (target < 0 || target >= Judging::classes)
        throw error(who() + " the label " + std::to_string(target) + "; 0 to " +
                    std::to_string(Judging::classes - 1) + " are expected");
    } else {
      if (!math::is_finite(target))
        throw error(who() + " the target " + std::to_string(target) +
                    "; finite numbers are expected");
      if constexpr (requires { loss.check_target(target); }) {
        try {
          loss.check_target(target);
        } catch (const error& wrong) {
          throw error(who() + " a wrong target: " + wrong.what());
        }
      }
    }
  }
}

/// A batch's result but for what is found: how many labels count, and what the mean is over.
template <class Judging, class L>
constexpr BatchResult expected_of(const L& loss,
                                  std::span<const typename Judging::target> targets) {
  BatchResult r;
  r.count = static_cast<std::int64_t>(targets.size()) / Judging::targets;
  if constexpr (Judging::by_labels) {
    for ([[maybe_unused]] const auto target : targets) {
      if constexpr (requires { loss.ignores(target); })
        if (loss.ignores(target)) continue;
      ++r.labels;
    }
  }
  r.weight = weight_of(loss, targets);
  return r;
}

/// A mean over nothing has no gradients: tnn::error.
template <class L>
constexpr void require_weight(const L& loss, const BatchResult& r) {
  if (!(r.weight > 0) && reduction_of(loss) == Reduction::mean)
    throw error("no label of a batch counts: each is ignore_index, or of a class of weight 0");
}

}  // namespace detail
}  // namespace tnn
