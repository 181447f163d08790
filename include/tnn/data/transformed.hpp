#pragma once
// Transformed<D, F...>: the data set D, each sample of which is changed by F... in turn:
//   Transformed data{images.first(1000), Normalise{{0.28}, {0.35}}, flip};
// A transform is f(x) or f(x, draws), where x are the sample's values, in the shape of D, to be
// changed in place. Several threads call it at a time. What it throws reaches who asked for the
// batch.
#include <cstdint>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <tnn/core/error.hpp>
#include <tnn/core/exact.hpp>
#include <tnn/core/math.hpp>
#include <tnn/data/source.hpp>

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

template <class D, class... F>
class Transformed {
 public:
  using target = typename D::target;

  /// tnn::error where a transform has a check(shape), and that finds something wrong.
  explicit Transformed(D data, F... transforms)
      : data_(std::move(data)), transforms_(std::move(transforms)...) {
    const std::vector<int> shape = detail::shape_of(data_);
    std::apply([&](const F&... f) { (check(f, shape), ...); }, transforms_);
  }

  [[nodiscard]] std::int64_t size() const { return data_.size(); }
  [[nodiscard]] decltype(auto) shape() const { return data_.shape(); }
  [[nodiscard]] std::int64_t targets() const { return detail::targets_of(data_); }
  [[nodiscard]] int classes() const requires requires(const D& d) { d.classes(); }
  { return data_.classes(); }

  template <class T, class Target>
  requires requires(const D& d, Draws& r, std::span<T> x, std::span<Target> t) {
    d.write(0, r, x, t);
  }
  void write(std::int64_t i, Draws& draws, std::span<T> x, std::span<Target> targets) const {
    data_.write(i, draws, x, targets);
    std::apply([&](const F&... f) { (apply(f, x, draws), ...); }, transforms_);
  }

 private:
  template <class G>
  static void check([[maybe_unused]] const G& f, [[maybe_unused]] std::span<const int> shape) {
    if constexpr (requires { f.check(shape); }) f.check(shape);
  }
  template <class G, class T>
  static void apply(const G& f, std::span<T> x, Draws& draws) {
    if constexpr (requires { f(x, draws); }) {
      f(x, draws);
    } else {
      f(x);
    }
  }

  D data_;
  std::tuple<F...> transforms_;
};

}  // namespace tnn
