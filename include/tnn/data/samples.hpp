#pragma once
// A data set in memory: float (or double) values and, for each sample, its label or values to be
// learnt. Copies, and the parts that first(), last() and slice() give, share the memory.
#include <concepts>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <tnn/core/error.hpp>
#include <tnn/core/extents_text.hpp>
#include <tnn/data/sliceable.hpp>
#include <tnn/data/source.hpp>

namespace tnn {

/// Target: std::int32_t for labels, else what the values to be learnt are.
template <std::floating_point T, class Target>
class Samples : public detail::sliceable<Samples<T, Target>> {
  static_assert(std::is_same_v<Target, std::int32_t> || std::floating_point<Target>,
                "targets are labels, std::int32_t, or values, float or double");

 public:
  using target = Target;

  /// `values` are samples of `shape`, one after another; each has equally many of `targets`.
  /// tnn::error where they don't fit.
  Samples(std::vector<int> shape, std::vector<T> values, std::vector<Target> targets)
      : shape_(std::move(shape)),
        values_(std::make_shared<const std::vector<T>>(std::move(values))),
        targets_(std::make_shared<const std::vector<Target>>(std::move(targets))) {
    sample_ = static_cast<std::size_t>(detail::values_of(shape_));
    const std::string all = std::to_string(values_->size()) + " values";
    if (values_->size() % sample_ != 0)
      throw error(all + " are not whole samples of " + detail::extents_text(shape_, " x ") + ", " +
                  std::to_string(sample_) + " values each");
    const std::size_t size = values_->size() / sample_;
    if (size > 0) each_ = targets_->size() / size;
    if (targets_->size() != each_ * size || (size > 0 && each_ == 0))
      throw error(all + " are " + std::to_string(size) + " samples of " +
                  detail::extents_text(shape_, " x ") + ", but there are " +
                  std::to_string(targets_->size()) +
                  " targets; expected equally many for each sample");
    this->whole(static_cast<std::int64_t>(size));
  }

  [[nodiscard]] std::span<const int> shape() const { return shape_; }
  [[nodiscard]] std::int64_t targets() const { return static_cast<std::int64_t>(each_); }

  /// The values and the targets of sample i.
  [[nodiscard]] std::span<const T> values_of(std::int64_t i) const {
    return std::span(*values_).subspan(this->place(i) * sample_, sample_);
  }
  [[nodiscard]] std::span<const Target> targets_of(std::int64_t i) const {
    return std::span(*targets_).subspan(this->place(i) * each_, each_);
  }

  template <std::floating_point To, class TargetTo>
  requires(std::integral<Target> ==
           std::integral<TargetTo>) void write(std::int64_t i, Draws&, std::span<To> x,
                                               std::span<TargetTo> targets) const {
    const std::span<const T> from = values_of(i);
    for (std::size_t k = 0; k < sample_; ++k) x[k] = static_cast<To>(from[k]);
    const std::span<const Target> wanted = targets_of(i);
    for (std::size_t k = 0; k < each_; ++k) targets[k] = static_cast<TargetTo>(wanted[k]);
  }

 private:
  std::vector<int> shape_;
  std::shared_ptr<const std::vector<T>> values_;
  std::shared_ptr<const std::vector<Target>> targets_;
  std::size_t sample_ = 0;  ///< values of one
  std::size_t each_ = 1;    ///< targets of one
};

}  // namespace tnn
