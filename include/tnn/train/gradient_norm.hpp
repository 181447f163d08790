#pragma once
// Clipping by the norm of all gradients, torch.nn.utils.clip_grad_norm_'s formula:
//   factor = min(1, most / (norm + 1e-6)),  norm = sqrt(sum of g^2)
// Squares are summed in chunks and the chunks' sums in order, in double: no sum depends on threads.
#include <cstdint>

#include <tnn/core/host_device.hpp>
#include <tnn/core/integers.hpp>
#include <tnn/core/math.hpp>

namespace tnn::detail {

/// Values a chunk: of 60 million some 7,000 chunks, which one thread of a GPU can add up.
inline constexpr std::int64_t norm_chunk = 8192;

/// One at least: the first becomes the norm.
constexpr std::int64_t norm_chunks(std::int64_t values) {
  return values > 0 ? ceil_div(values, norm_chunk) : 1;
}

template <class T>
struct sum_squares {
  const T* values;
  std::int64_t size;
  double* sums;  ///< one a chunk
  TNN_HOST_DEVICE constexpr void operator()(std::int64_t chunk) const {
    const std::int64_t first = chunk * norm_chunk, end = first + norm_chunk;
    double sum = 0;
    for (std::int64_t i = first; i < end && i < size; ++i)
      sum += static_cast<double>(values[i]) * static_cast<double>(values[i]);
    sums[chunk] = sum;
  }
};

template <class T>
struct clip_factor {
  double* sums;  ///< the norm takes the place of the first
  std::int64_t count;
  double most;
  T* factor;
  TNN_HOST_DEVICE constexpr void operator()(std::int64_t) const {
    double sum = 0;
    for (std::int64_t i = 0; i < count; ++i) sum += sums[i];
    sums[0] = math::sqrt(sum);
    const double f = most / (sums[0] + 1e-6);
    *factor = static_cast<T>(f >= 1 ? 1 : f);  // NaN stays one
  }
};

}  // namespace tnn::detail
