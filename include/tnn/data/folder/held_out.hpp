#pragma once
// Which samples are held out from training: of every class in proportion to its size, at least one
// and never all, drawn by a seed.
#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <tnn/core/error.hpp>
#include <tnn/data/draws.hpp>

namespace tnn::detail {

/// The least and the most that can be held out of classes of these sizes.
inline std::pair<std::int64_t, std::int64_t> held_out_range(std::span<const std::int64_t> sizes) {
  std::pair<std::int64_t, std::int64_t> range{0, 0};
  for (const std::int64_t n : sizes) {
    range.first += n > 1;
    range.second += std::max<std::int64_t>(n - 1, 0);
  }
  return range;
}

/// How many of each class are held out, `count` in all: each class's share rounded down, and the
/// rest to those that are furthest below their share, the first of equals.
inline std::vector<std::int64_t> held_out_counts(std::span<const std::int64_t> sizes,
                                                 std::int64_t count) {
  const auto [least, most] = held_out_range(sizes);
  if (most == 0) throw error("no image can be held out: each class has one, or none");
  if (count < least || count > most || count < 1)
    throw error(std::to_string(count) + " images were to be held out; expected " +
                std::to_string(std::max<std::int64_t>(least, 1)) + " to " + std::to_string(most) +
                ": at least one of each class that has two or more, and never a whole class");
  std::int64_t all = 0, left = count;
  for (const std::int64_t n : sizes) all += n;
  std::vector<std::int64_t> counts;
  counts.reserve(sizes.size());
  for (const std::int64_t n : sizes) {
    counts.push_back(n > 1 ? std::clamp<std::int64_t>(count * n / all, 1, n - 1) : 0);
    left -= counts.back();
  }
  const int step = left > 0 ? 1 : -1;
  for (; left != 0; left -= step) {
    std::size_t chosen = sizes.size();
    std::int64_t furthest = 0;
    for (std::size_t c = 0; c < sizes.size(); ++c) {
      if (step > 0 ? counts[c] >= sizes[c] - 1 : counts[c] <= 1) continue;
      const std::int64_t missing = step * (count * sizes[c] - counts[c] * all);
      if (chosen == sizes.size() || missing > furthest) {
        chosen = c;
        furthest = missing;
      }
    }
    counts[chosen] += step;
  }
  return counts;
}

/// Of samples with these labels: for each, whether it is held out.
inline std::vector<bool> draw_held_out(std::span<const std::int32_t> labels, int classes,
                                       std::int64_t count, std::uint64_t seed) {
  std::vector<std::vector<std::size_t>> members(static_cast<std::size_t>(classes));
  for (std::size_t i = 0; i < labels.size(); ++i)
    members[static_cast<std::size_t>(labels[i])].push_back(i);
  std::vector<std::int64_t> sizes;
  sizes.reserve(members.size());
  for (const auto& some : members) sizes.push_back(std::ssize(some));
  const std::vector<std::int64_t> counts = held_out_counts(sizes, count);
  std::vector<bool> out(labels.size());
  for (std::size_t c = 0; c < members.size(); ++c) {
    Draws draws(seed, random_stream::split, 0, static_cast<std::uint32_t>(c));
    std::vector<std::size_t>& some = members[c];
    for (std::size_t k = 0; k < static_cast<std::size_t>(counts[c]); ++k) {
      std::swap(some[k], some[k + draws.below(static_cast<std::uint32_t>(some.size() - k))]);
      out[some[k]] = true;
    }
  }
  return out;
}

}  // namespace tnn::detail
