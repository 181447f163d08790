#pragma once
// A series of measured values, and what is drawn of it: marks at round numbers, the running mean, a
// long series thinned. A value that is no finite number is a gap.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

namespace pictures {

struct place {
  double x, y;
};

/// The distance of about `wanted` marks over `range`: 1, 2 or 5 times a power of ten.
inline double mark_distance(double range, int wanted) {
  const double rough = range / wanted, power = std::pow(10, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= rough * 0.999) return factor * power;
  }
  return 10 * power;
}

/// The mean of each value and its neighbours, up to `reach` on either side. Gaps stay.
inline std::vector<place> running_mean(std::span<const place> curve, std::size_t reach) {
  std::vector<double> sums{0}, counts{0};
  for (const place& point : curve) {
    const bool known = std::isfinite(point.y);
    sums.push_back(sums.back() + (known ? point.y : 0));
    counts.push_back(counts.back() + (known ? 1 : 0));
  }
  std::vector<place> means(curve.begin(), curve.end());
  for (std::size_t i = 0; i < curve.size(); ++i) {
    const std::size_t first = i - std::min(i, reach), end = std::min(i + reach + 1, curve.size());
    if (std::isfinite(curve[i].y))
      means[i].y = (sums[end] - sums[first]) / (counts[end] - counts[first]);
  }
  return means;
}

/// At most `most` points (2 or more) that look the same when drawn small: of each stretch of the
/// series the lowest and the highest, in their order; of a stretch without values, a gap.
inline std::vector<place> thinned(std::span<const place> curve, std::size_t most) {
  if (curve.size() <= most) return {curve.begin(), curve.end()};
  const std::size_t stretches = most / 2;
  std::vector<place> kept;
  for (std::size_t s = 0; s < stretches; ++s) {
    const std::size_t first = s * curve.size() / stretches;
    const std::size_t end = (s + 1) * curve.size() / stretches;
    std::size_t lowest = end, highest = end;
    for (std::size_t i = first; i < end; ++i) {
      if (!std::isfinite(curve[i].y)) continue;
      if (lowest == end || curve[i].y < curve[lowest].y) lowest = i;
      if (highest == end || curve[i].y > curve[highest].y) highest = i;
    }
    if (lowest == end) {
      kept.push_back({curve[first].x, std::numeric_limits<double>::quiet_NaN()});
      continue;
    }
    kept.push_back(curve[std::min(lowest, highest)]);
    if (lowest != highest) kept.push_back(curve[std::max(lowest, highest)]);
  }
  return kept;
}

}  // namespace pictures
