#pragma once
// Bilinear resizing with half-pixel centres, as torch.nn.functional.interpolate has it with
// mode="bilinear", align_corners=False, antialias=False:
//   s = max(0, (o + 1/2) * in / out - 1/2),  i = floor(s),  y[o] = x[i] + (s - i) (x[i+1] - x[i])
// along rows, then along columns; x[i+1] is x[i] at the edge. Shrinking skips pixels, as there.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <tnn/core/error.hpp>

namespace tnn {

/// Resizes planes (height x width) to another size.
class BilinearResize {
 public:
  /// From from_height x from_width to to_height x to_width; tnn::error unless all are positive.
  BilinearResize(int from_height, int from_width, int to_height, int to_width)
      : from_width_(from_width),
        rows_(blends(from_height, to_height)),
        columns_(blends(from_width, to_width)) {}

  /// Writes `scale` times each resized value of `plane` to `out`.
  template <class Pixel, class T>
  void operator()(const Pixel* plane, T* out, T scale = 1) const {
    // Each row of the plane is blended along its width once; rows are asked for in order, so the
    // two that are kept suffice.
    const std::size_t width = columns_.size();
    std::vector<T> blended(2 * width);
    std::array<std::int32_t, 2> held = {-1, -1};
    const auto row = [&](std::int32_t y) -> const T* {
      const std::size_t slot = static_cast<std::size_t>(y % 2);
      T* const to = blended.data() + slot * width;
      if (std::exchange(held[slot], y) != y)
        blend_row(plane + static_cast<std::ptrdiff_t>(y) * from_width_, to, scale);
      return to;
    };
    for (const blend& b : rows_) {
      const T* const low = row(b.low);
      const T* const high = row(b.high);
      const T weight = static_cast<T>(b.weight);
      for (std::size_t x = 0; x < width; ++x) out[x] = low[x] + weight * (high[x] - low[x]);
      out += width;
    }
  }

 private:
  /// x[low] + weight * (x[high] - x[low])
  struct blend {
    std::int32_t low;
    std::int32_t high;
    double weight;
  };

  static std::vector<blend> blends(int from, int to) {
    if (from < 1 || to < 1)
      throw error("cannot resize " + std::to_string(from) + " pixels to " + std::to_string(to) +
                  ": both must be positive");
    std::vector<blend> all;
    all.reserve(static_cast<std::size_t>(to));
    for (int o = 0; o < to; ++o) {
      const double source = std::max(0.0, (o + 0.5) * from / to - 0.5);
      const int low = std::min(static_cast<int>(source), from - 1);
      all.push_back({low, std::min(low + 1, from - 1), source - low});
    }
    return all;
  }

  template <class Pixel, class T>
  void blend_row(const Pixel* from, T* to, T scale) const {
    for (const blend& b : columns_) {
      const T low = static_cast<T>(from[b.low]);
      const T high = static_cast<T>(from[b.high]);
      *to++ = (low + static_cast<T>(b.weight) * (high - low)) * scale;
    }
  }

  std::ptrdiff_t from_width_;
  std::vector<blend> rows_;
  std::vector<blend> columns_;
};

}  // namespace tnn
