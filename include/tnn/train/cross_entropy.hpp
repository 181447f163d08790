#pragma once
// CrossEntropyLoss, torch.nn.CrossEntropyLoss of logits z and a label, with classes' weights w (1)
// and label smoothing e (0):
//   log p[k] = z[k] - m - log(sum over j of exp(z[j] - m)),  m = max z
//   loss     = - sum over k of q[k] log p[k],  q[k] = w[k] ((1 - e) [k = label] + e / K)
//   dz[k]    = (p[k] sum over j of q[j] - q[k]) scale
// The mean of a batch is over the sum of its labels' weights. A label equal to ignore_index counts
// for nothing.
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <tnn/core/error.hpp>
#include <tnn/core/exact.hpp>
#include <tnn/core/math.hpp>
#include <tnn/train/loss.hpp>

namespace tnn {

namespace detail {

/// How many classes come before the label: those with more, and of equals those of smaller index.
/// A label whose value is NaN comes last.
template <class Values>
TNN_HOST_DEVICE constexpr int rank_of(const Values& y, int classes, int label) {
  int before = 0;
  for (int k = 0; k < classes; ++k)
    before += y[k] > y[label] || (y[k] == y[label] && k < label) ? 1 : 0;
  return math::is_nan(y[label]) ? classes : before;
}

}  // namespace detail

struct CrossEntropyLoss {
  double label_smoothing = 0;
  std::vector<double> class_weights{};  ///< one a class, or none
  std::int32_t ignore_index = -100;
  Reduction reduce = Reduction::mean;

  template <class T>
  struct math {
    T smoothing;
    std::int32_t ignored;
    const T* weights;  ///< nullptr: all 1

    constexpr math(const CrossEntropyLoss& loss, const T* constants)
        : smoothing(static_cast<T>(loss.label_smoothing)),
          ignored(loss.ignore_index),
          weights(loss.class_weights.empty() ? nullptr : constants) {}

    TNN_HOST_DEVICE constexpr loss_sum<T> operator()(place_values<const T> z, int classes,
                                                     std::int32_t label, place_values<T> dz,
                                                     T scale) const {
      if (label == ignored) {
        for (int k = 0; dz.first != nullptr && k < classes; ++k) dz[k] = 0;
        return {};
      }
      T highest = z[0];
      for (int k = 0; k < classes; ++k) highest = z[k] > highest ? z[k] : highest;
      T sum = 0;
      for (int k = 0; k < classes; ++k) sum += tnn::math::exp(z[k] - highest);
      const T log_sum = tnn::math::log(sum);
      const std::int32_t right = detail::rank_of(z, classes, label) == 0 ? 1 : 0;
      if (smoothing == 0 && weights == nullptr) {  // the same, with q a single 1
        for (int k = 0; dz.first != nullptr && k < classes; ++k) {
          const T p = tnn::math::exp(z[k] - highest) / sum;
          dz[k] = (p - (k == label ? T{1} : T{0})) * scale;
        }
        return {log_sum - (z[label] - highest), right};
      }
      T loss = 0, all = 0;
      for (int k = 0; k < classes; ++k) {
        const T q = share(k, label, classes);
        loss += q * (log_sum - (z[k] - highest));
        all += q;
      }
      for (int k = 0; dz.first != nullptr && k < classes; ++k) {
        const T p = tnn::math::exp(z[k] - highest) / sum;
        dz[k] = (p * all - share(k, label, classes)) * scale;
      }
      return {loss, right};
    }

   private:
    /// q[k] of the formula.
    TNN_HOST_DEVICE constexpr T share(int k, int label, int classes) const {
      const T of_label = k == label ? 1 - smoothing : T{0};
      const T q = of_label + smoothing / static_cast<T>(classes);
      return weights == nullptr ? q : weights[k] * q;
    }
  };

  [[nodiscard]] constexpr bool ignores(std::int32_t label) const { return label == ignore_index; }

  /// Copied to the backend's memory, where the math reads them.
  [[nodiscard]] constexpr std::span<const double> constants() const { return class_weights; }

  /// What a batch's mean is over.
  [[nodiscard]] constexpr double weight(std::span<const std::int32_t> labels) const {
    double sum = 0;
    for (const std::int32_t label : labels)
      if (!ignores(label))
        sum += class_weights.empty() ? 1 : class_weights[static_cast<std::size_t>(label)];
    return sum;
  }

  /// tnn::error for options that make no sense with so many classes.
  constexpr void check(int classes) const {
    if (!(label_smoothing >= 0 && label_smoothing <= 1))
      throw error("the label smoothing is " + detail::exact(label_smoothing) + "; expected 0 to 1");
    if (!class_weights.empty() && class_weights.size() != static_cast<std::size_t>(classes))
      throw error(std::to_string(class_weights.size()) + " class weights were given for " +
                  std::to_string(classes) + " classes; expected one a class, or none");
    for (const double w : class_weights)
      if (!(w >= 0 && tnn::math::is_finite(w)))
        throw error("a class weight is " + detail::exact(w) + "; expected 0 or more");
  }
};

}  // namespace tnn
