#pragma once
// Each channel less its mean, over its deviation: what comes last in most lists of transforms.
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <tnn/core/error.hpp>
#include <tnn/core/exact.hpp>
#include <tnn/core/math.hpp>

namespace tnn {

/// x = (x - mean[c]) / deviation[c] for each channel c, which is the first extent of a sample; none
/// at all leave it as it is.
struct Normalise {
  std::vector<double> mean{}, deviation{};

  template <class T>
  void operator()(std::span<T> x) const {
    const std::size_t channels = mean.size(), plane = channels > 0 ? x.size() / channels : 0;
    for (std::size_t c = 0; c < channels; ++c) {
      const T middle = static_cast<T>(mean[c]), spread = static_cast<T>(deviation[c]);
      for (T& value : x.subspan(c * plane, plane)) value = (value - middle) / spread;
    }
  }

  /// tnn::error unless there is one mean and one deviation for each channel of such samples.
  void check(std::span<const int> shape) const {
    const std::size_t channels = shape.empty() ? 1 : static_cast<std::size_t>(shape[0]);
    if (mean.size() != deviation.size() || (!mean.empty() && mean.size() != channels))
      throw error(std::to_string(mean.size()) + " means and " + std::to_string(deviation.size()) +
                  " standard deviations were given for samples of " + std::to_string(channels) +
                  " channels; expected one of each for a channel");
    for (const double m : mean)
      if (!math::is_finite(m))
        throw error("a mean is " + detail::exact(m) + "; expected a finite number");
    for (const double d : deviation)
      if (!(d > 0 && math::is_finite(d)))
        throw error("a standard deviation is " + detail::exact(d) + "; expected more than 0");
  }
};

}  // namespace tnn
