#pragma once
// What every backend's BatchNorm refuses while training.
#include <cstdint>
#include <string>

#include <tnn/core/error.hpp>

namespace tnn::detail {

/// The variance of one value says nothing, and its unbiased form divides by 0.
constexpr void require_several(std::int64_t values) {
  if (values < 2)
    throw error("BatchNorm in training got " + std::to_string(values) +
                " value a channel; 2 are the least that have a variance: train with larger "
                "batches, and without a last one that "
                "is smaller (TrainerOptions::drop_last)");
}

}  // namespace tnn::detail
