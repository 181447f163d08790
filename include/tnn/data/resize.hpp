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
#include <vector>

#include <tnn/core/error.hpp>

namespace tnn {

/// Resizes one plane (height x width) after another to another size. Holds scratch for two rows,
/// so each thread needs its own; calls allocate nothing.
class bilinear_resize {
 public:
  /// From from_height x from_width to to_height x to_width; tnn::error unless all are positive.
  bilinear_resize(int from_height, int from_width, int to_height, int to_width)
      : from_width_(from_width),
        rows_(blends(from_height, to_height)),
        columns_(blends(from_width, to_width)) {
    for (auto& row : blended_) row.resize(columns_.size());
  }

  /// Writes value * scale + shift of each resized value of `plane` to `out`.
  void operator()(const std::uint8_t* plane, float* out, float scale, float shift) {
    resize(plane, out, scale, shift);
  }
  void operator()(const float* plane, float* out, float scale, float shift) {
    resize(plane, out, scale, shift);
  }

 private:
  /// x[low] + weight * (x[high] - x[low])
  struct blend {
    std::int32_t low;
    std::int32_t high;
    float weight;
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
      all.push_back({low, std::min(low + 1, from - 1), static_cast<float>(source - low)});
    }
    return all;
  }

  // Each source row is blended along its width once; both steps being affine, scale and shift may
  // be applied there, to the few rows of the source. Rows are asked for in order, so the two that
  // are kept suffice.
  template <class Pixel>
  void resize(const Pixel* plane, float* out, float scale, float shift) {
    std::array<std::int32_t, 2> held = {-1, -1};
    const auto row = [&](std::int32_t y) -> const float* {
      const std::size_t slot = static_cast<std::size_t>(y % 2);
      if (held[slot] != y) {
        blend_row(plane + static_cast<std::ptrdiff_t>(y) * from_width_, blended_[slot].data(),
                  scale, shift);
        held[slot] = y;
      }
      return blended_[slot].data();
    };
    const std::size_t width = columns_.size();
    for (const blend& b : rows_) {
      const float* const low = row(b.low);
      const float* const high = row(b.high);
      for (std::size_t x = 0; x < width; ++x) out[x] = low[x] + b.weight * (high[x] - low[x]);
      out += width;
    }
  }

  template <class Pixel>
  void blend_row(const Pixel* from, float* to, float scale, float shift) const {
    for (const blend& b : columns_) {
      const float low = static_cast<float>(from[b.low]);
      const float high = static_cast<float>(from[b.high]);
      *to++ = (low + b.weight * (high - low)) * scale + shift;
    }
  }

  std::ptrdiff_t from_width_;
  std::vector<blend> rows_;
  std::vector<blend> columns_;
  std::array<std::vector<float>, 2> blended_;
};

}  // namespace tnn
