#pragma once
// Places for intervals of time in one arena: the largest first, each at the lowest place that no
// other holds while it lives. Written for the constexpr evaluators of compilers, which take a
// microsecond an operation and give up after a million: in plain arrays, and of a deep network
// without comparing every pair (450 layers have 900 intervals).
#include <array>
#include <cstddef>
#include <cstdint>

#include <tnn/core/sort.hpp>

namespace tnn::detail {

/// Lives from born to dies, both included; never, where it dies before it is born.
struct interval {
  std::int64_t size = 0, offset = -1;
  std::int64_t born = 0, dies = -1;
};

constexpr bool overlap(const interval& a, const interval& b) {
  return a.born <= b.dies && b.born <= a.dies;
}

constexpr void extend(interval& v, std::int64_t born, std::int64_t dies, std::int64_t size) {
  if (v.dies < v.born) v.born = born;
  v.born = born < v.born ? born : v.born;
  v.dies = dies > v.dies ? dies : v.dies;
  v.size = size > v.size ? size : v.size;
}

/// The intervals that have a place. Many overlap with all others of their kind: values that live
/// from forward to backward. Those lie on a stack from 0 upwards without a gap, and an interval
/// that overlaps with the lowest k of them need not be compared with each.
template <std::size_t N>
struct placed_intervals {
  interval stack[N + 1] = {};                       ///< by offset
  std::int64_t born[N + 1] = {}, dies[N + 1] = {};  ///< of the lowest k together: last, first
  interval rest[N + 1] = {};                        ///< by offset
  std::size_t stacked = 0, resting = 0;
  std::int64_t largest = 0;  ///< size in rest

  constexpr placed_intervals() {
    born[0] = INT64_MIN;
    dies[0] = INT64_MAX;
  }
  constexpr std::int64_t top() const {
    return stacked > 0 ? stack[stacked - 1].offset + stack[stacked - 1].size : 0;
  }

  /// Gives it its place.
  constexpr void put(interval& next) {
    // How many of the lowest on the stack it overlaps with: all that live when it does.
    std::size_t s = 0;
    for (std::size_t beyond = stacked + 1; beyond - s > 1;) {
      const std::size_t k = (s + beyond) / 2;
      (born[k] <= next.dies && next.born <= dies[k] ? s : beyond) = k;
    }
    const bool overlaps_stack = s == stacked;
    std::int64_t at = s > 0 ? stack[s - 1].offset + stack[s - 1].size : 0;
    std::size_t r = first_at(at - largest);
    // Upwards past all that it overlaps with, until there is room.
    for (;;) {
      const bool has_s = s < stacked && stack[s].offset < at + next.size;
      const bool has_r = r < resting && rest[r].offset < at + next.size;
      if (!has_s && !has_r) break;
      const bool takes_s = has_s && (!has_r || stack[s].offset <= rest[r].offset);
      const interval& other = takes_s ? stack[s++] : rest[r++];
      const std::int64_t end = other.offset + other.size;
      if (end > at && overlap(other, next)) at = end;
    }
    next.offset = at;
    if (overlaps_stack && at == top()) {
      born[stacked + 1] = next.born > born[stacked] ? next.born : born[stacked];
      dies[stacked + 1] = next.dies < dies[stacked] ? next.dies : dies[stacked];
      stack[stacked++] = next;
    } else {
      largest = next.size > largest ? next.size : largest;
      const std::size_t here = first_at(at + 1);
      for (std::size_t j = resting++; j > here; --j) rest[j] = rest[j - 1];
      rest[here] = next;
    }
  }

 private:
  /// The first of rest at that offset or above.
  constexpr std::size_t first_at(std::int64_t offset) const {
    std::size_t below = 0;
    for (std::size_t end = resting; below < end;) {
      const std::size_t k = (below + end) / 2;
      if (rest[k].offset < offset) {
        below = k + 1;
      } else {
        end = k;
      }
    }
    return below;
  }
};

/// Places all; returns the size of the arena.
template <std::size_t N>
constexpr std::int64_t place_intervals(std::array<interval, N>& intervals) {
  interval* const all = intervals.data();
  // By size, the largest first; of equals the first. The lower 20 bits hold an interval's number.
  constexpr std::int64_t numbers = 1 << 20;
  static_assert(N < numbers);
  std::int64_t waiting[N + 1] = {};
  std::size_t count = 0;
  for (std::size_t i = 0; i < N; ++i)
    if (all[i].dies >= all[i].born)
      waiting[count++] = -all[i].size * numbers + static_cast<std::int64_t>(i);
  sort(waiting, count);

  placed_intervals<N> placed;
  std::int64_t total = 0;
  for (std::size_t w = 0; w < count; ++w) {
    interval& next = all[waiting[w] & (numbers - 1)];
    placed.put(next);
    total = next.offset + next.size > total ? next.offset + next.size : total;
  }
  return total;
}

}  // namespace tnn::detail
