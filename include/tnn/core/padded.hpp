#pragma once
// Each place in an arena begins at a multiple of 16 values (of floats 64 bytes, a cache line), so
// that a register's worth of a small value lies in one line, and two places share none.
#include <tnn/core/requirements.hpp>

#include <cstdint>

#include <tnn/core/integers.hpp>

namespace tnn::detail {

/// The values that a place takes with the gap behind it.
constexpr std::int64_t padded(std::int64_t values) { return round_up(values, 16); }

}  // namespace tnn::detail
