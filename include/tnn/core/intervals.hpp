#pragma once
// Places for intervals of time in one arena: the largest first, each at the lowest place that no
// other holds while it lives. Written for the constexpr evaluators of compilers, which take a
// microsecond an operation and give up after a million: in plain arrays, without comparing the
// values of a chain with one another (450 layers have 900 intervals), and some intervals in each
// constant expression.
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

/// The numbers of the intervals that ever live: by size, the largest first; of equals the first.
template <std::size_t N>
struct by_size {
  std::size_t count = 0;
  std::int64_t number[N + 1] = {};

  constexpr explicit by_size(const std::array<interval, N>& intervals) {
    constexpr std::int64_t numbers = 1 << 20;  // the lower 20 bits hold an interval's number
    static_assert(N < numbers);
    const interval* const all = intervals.data();
    for (std::size_t i = 0; i < N; ++i)
      if (all[i].dies >= all[i].born)
        number[count++] = -all[i].size * numbers + static_cast<std::int64_t>(i);
    sort(number, count);
    for (std::size_t w = 0; w < count; ++w) number[w] &= numbers - 1;
  }
};

/// The offsets of some intervals, in the order of by_size, and the size of the arena.
template <std::size_t Count>
struct placing {
  placed_intervals<Count> placed{};
  std::int64_t offset[Count + 1] = {}, total = 0;

  /// Places those from `first` on, before `end`.
  template <std::size_t N>
  constexpr placing with(const std::array<interval, N>& intervals, const by_size<N>& order,
                         std::size_t first, std::size_t end) const {
    placing then = *this;
    for (std::size_t w = first; w < end; ++w) {
      interval next = intervals[static_cast<std::size_t>(order.number[w])];
      then.placed.put(next);
      then.offset[w] = next.offset;
      then.total = next.offset + next.size > then.total ? next.offset + next.size : then.total;
    }
    return then;
  }
};

template <std::size_t N, std::size_t Count>
constexpr void set_offsets(std::array<interval, N>& intervals, const by_size<N>& order,
                           const placing<Count>& places) {
  for (std::size_t w = 0; w < order.count; ++w)
    intervals[static_cast<std::size_t>(order.number[w])].offset = places.offset[w];
}

/// Places all; returns the size of the arena.
template <std::size_t N>
constexpr std::int64_t place_intervals(std::array<interval, N>& intervals) {
  const by_size<N> order(intervals);
  const placing<N> places = placing<N>{}.with(intervals, order, 0, order.count);
  set_offsets(intervals, order, places);
  return places.total;
}

/// The same while compiling, of what Lives::intervals holds: a constant expression for every
/// `block` intervals. Each may be compared with all others, at some five operations: a block is a
/// half of what Clang evaluates at once.
template <class Lives>
struct placement {
  static constexpr by_size order{Lives::intervals};
  static constexpr std::size_t count = order.count, block = 100'000 / (count + 1) + 1;

  template <std::size_t Blocks, class = void>
  struct after {
    static constexpr std::size_t first = (Blocks - 1) * block, all = first + block;
    static constexpr placing<count> places =
        after<Blocks - 1>::places.with(Lives::intervals, order, first, all < count ? all : count);
  };
  template <class Unused>
  struct after<0, Unused> {
    static constexpr placing<count> places{};
  };
  static constexpr const placing<count>& places = after<(count + block - 1) / block>::places;
};

}  // namespace tnn::detail
