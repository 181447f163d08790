#pragma once
// What a Training is told when it is made.
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>

#include <tnn/core/error.hpp>
#include <tnn/core/exact.hpp>
#include <tnn/core/integers.hpp>
#include <tnn/core/math.hpp>
#include <tnn/train/optimizer.hpp>

namespace tnn {

struct TrainingOptions {
  int capacity = 0;                        ///< most samples of one step; 0: the model's
  std::optional<std::uint64_t> seed = {};  ///< of Dropout's masks; none: the model's
  /// Samples that are worked on at a time; 0: all of a step. (Where batches are sent ahead, the
  /// next one sets out when the last of a step has been taken.)
  int micro_batch = 0;
  double clip_norm = 0;  ///< gradients are scaled down to this norm; 0: never
  TensorRule (*rule)(const ParameterInfo&) = as_declared;  ///< how each parameter is treated
};

namespace detail {

/// How a step of a capacity is cut, and into how many.
constexpr int micro_batch_of(const TrainingOptions& o) {
  return o.micro_batch > 0 && o.micro_batch < o.capacity ? o.micro_batch : o.capacity;
}
constexpr int micro_batches_of(std::int64_t batch, int micro) {
  return static_cast<int>(ceil_div(batch, std::int64_t{micro}));
}

constexpr const TrainingOptions& checked_options(const TrainingOptions& o) {
  if (o.capacity < 1)
    throw error("the capacity of Training is " + std::to_string(o.capacity) +
                "; it must be at least 1: the most samples of one step");
  if (o.micro_batch < 0)
    throw error("the micro-batch of Training is " + std::to_string(o.micro_batch) +
                "; expected 1 or more samples, or 0 for the whole batch");
  if (!(o.clip_norm >= 0 && math::is_finite(o.clip_norm)))
    throw error("the norm to clip gradients to is " + exact(o.clip_norm) +
                "; expected more than 0, or 0 for never");
  // GCC 12 with -fsanitize=undefined holds the comparison to be no constant.
  if (!std::is_constant_evaluated() && o.rule == nullptr)
    throw error("TrainingOptions::rule is no function: as_declared is what parameters ask for");
  return o;
}

/// With the model's figures where none are given.
constexpr TrainingOptions completed(TrainingOptions o, int capacity, std::uint64_t seed) {
  if (o.capacity == 0) o.capacity = capacity;
  if (!o.seed) o.seed = seed;
  return checked_options(o);
}

}  // namespace detail
}  // namespace tnn
