#pragma once
// Where values may begin: every value, gradient and parameter of an arena has a place that begins
// with a cache line of floats, which vector loads of any backend may count on.
#include <tnn/core/requirements.hpp>

#include <cstdint>

namespace tnn::detail {

/// 16 floats are 64 bytes.
constexpr std::int64_t padded(std::int64_t values) { return (values + 15) / 16 * 16; }

}  // namespace tnn::detail
