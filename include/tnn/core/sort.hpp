#pragma once
// Sorting while compiling. <algorithm> would do it, and would cost every program that includes
// tnn 30 ms (GCC 12), an eighth of <tnn/alexnet.hpp>.
#include <cstddef>

namespace tnn::detail {

/// Sorts n values by operator<: Shell's method with Ciura's gaps (2001), in which no compiler's
/// evaluator needs a call.
template <class T>
constexpr void sort(T* values, std::size_t n) {
  constexpr std::size_t gaps[] = {1750, 701, 301, 132, 57, 23, 10, 4, 1};
  for (const std::size_t gap : gaps)
    for (std::size_t i = gap; i < n; ++i) {
      const T value = values[i];
      std::size_t at = i;
      for (; at >= gap && value < values[at - gap]; at -= gap) values[at] = values[at - gap];
      values[at] = value;
    }
}

}  // namespace tnn::detail
