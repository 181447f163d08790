#pragma once
// Between planes, one a channel, and lanes: the same place of as many channels as a register has
// lanes, side by side. Where there are fewer channels than lanes, the rest is zero.
#include <tnn/backend/cpu/simd.hpp>

namespace tnn::detail {

/// Planes of `size` values, `apart` from one another and in rows of `width`, become vectors, in
/// rows `pitch` vectors apart. With a `mask` that lies like the planes only values where it is
/// positive count; the others are zero.
template <class T>
TNN_ONE_COPY void planes_to_lanes(const T* planes, int channels, int apart, int size, int width,
                                  int pitch, T* to, const T* mask = nullptr) {
  constexpr int lanes = simd::lanes<T>;
  using V = simd::vector<T>;
  if (size < lanes) {
    for (int k = 0; k < size; ++k)
      for (int c = 0; c < lanes; ++c)
        to[(k / width * pitch + k % width) * lanes + c] =
            c < channels && (mask == nullptr || mask[std::int64_t{c} * apart + k] > T{0})
                ? planes[std::int64_t{c} * apart + k]
                : T{0};
    return;
  }
  for (int k = 0; k < size; k += lanes) {
    k = k + lanes <= size ? k : size - lanes;  // the last block overlaps the one before
    simd::vectors<T, lanes> square;
    for (int c = 0; c < lanes; ++c) {
      const std::int64_t at = std::int64_t{c} * apart + k;
      square[c] = c < channels ? simd::load(planes + at) : V{};
      if (mask != nullptr && c < channels)
        square[c] = simd::load(mask + at) > V{} ? square[c] : V{};
    }
    simd::transpose<T>(square);
    int column = k % width;
    T* out = to + (std::int64_t{k / width} * pitch + column) * lanes;
    for (int r = 0; r < lanes; ++r, out += lanes) {
      simd::store(out, square[r]);
      if (++column < width) continue;
      column = 0;
      out += std::int64_t{pitch - width} * lanes;
    }
  }
}

/// The way back, from vectors one after the other, of at most `lanes` channels.
template <class T>
TNN_ONE_COPY void lanes_to_planes(const T* from, int channels, int size, T* planes) {
  constexpr int lanes = simd::lanes<T>;
  if (size < lanes) {
    for (int k = 0; k < size; ++k)
      for (int c = 0; c < channels; ++c) planes[std::int64_t{c} * size + k] = from[k * lanes + c];
    return;
  }
  for (int k = 0; k < size; k += lanes) {
    k = k + lanes <= size ? k : size - lanes;
    simd::vectors<T, lanes> square;
    for (int r = 0; r < lanes; ++r) square[r] = simd::load(from + std::int64_t{k + r} * lanes);
    simd::transpose<T>(square);
    for (int c = 0; c < channels; ++c) simd::store(planes + std::int64_t{c} * size + k, square[c]);
  }
}

}  // namespace tnn::detail
