#pragma once
// Losses of a value y and its target t, as torch.nn has them:
//   MSELoss             (y - t)^2
//   L1Loss              |y - t|
//   HuberLoss           (y - t)^2 / 2 where |y - t| <= delta, else delta (|y - t| - delta / 2)
//   BCEWithLogitsLoss   - (c t log s(y) + (1 - t) log(1 - s(y))), s the logistic function, t in
//                       [0, 1], c = pos_weight
// The mean of a batch is over all its values.
#include <tnn/core/error.hpp>
#include <tnn/core/exact.hpp>
#include <tnn/core/math.hpp>
#include <tnn/train/loss.hpp>
#include <tnn/train/options.hpp>

namespace tnn {

struct MSELoss {
  Reduction reduce = Reduction::mean;
  template <class T>
  struct math {
    TNN_HOST_DEVICE constexpr loss_term<T> operator()(T y, T target) const {
      const T d = y - target;
      return {d * d, 2 * d};
    }
  };
};

struct L1Loss {
  Reduction reduce = Reduction::mean;
  template <class T>
  struct math {
    TNN_HOST_DEVICE constexpr loss_term<T> operator()(T y, T target) const {
      const T d = y - target;
      return d < 0 ? loss_term<T>{-d, -1} : loss_term<T>{d, d > 0 ? T{1} : d};  // of NaN: NaN
    }
  };
};

struct HuberLoss {
  double delta = 1;
  Reduction reduce = Reduction::mean;
  template <class T>
  struct math {
    T delta;
    constexpr explicit math(const HuberLoss& loss) : delta(static_cast<T>(loss.delta)) {}
    TNN_HOST_DEVICE constexpr loss_term<T> operator()(T y, T target) const {
      const T d = y - target;
      if (d > delta) return {delta * (d - delta / 2), delta};
      if (d < -delta) return {delta * (-d - delta / 2), -delta};
      return {d * d / 2, d};
    }
  };
  constexpr void check(int /*classes*/) const { detail::require_positive("delta", delta); }
};

struct BCEWithLogitsLoss {
  double pos_weight = 1;
  Reduction reduce = Reduction::mean;
  template <class T>
  struct math {
    T pos_weight;
    constexpr explicit math(const BCEWithLogitsLoss& loss)
        : pos_weight(static_cast<T>(loss.pos_weight)) {}
    TNN_HOST_DEVICE constexpr loss_term<T> operator()(T y, T target) const {
      // With w = 1 + (c - 1) t: (1 - t) y + w log(1 + exp(-y)), in a form that does not overflow.
      const T weight = 1 + (pos_weight - 1) * target;
      const T size = y < 0 ? -y : y, negative = y < 0 ? -y : T{0};
      const T softplus = tnn::math::log1p(tnn::math::exp(-size)) + negative;
      return {(1 - target) * y + weight * softplus,
              weight * tnn::math::sigmoid(y) - pos_weight * target};
    }
  };
  constexpr void check(int /*classes*/) const {
    detail::require_positive("pos_weight", pos_weight);
  }
  /// tnn::error for a target that is no probability.
  template <class T>
  constexpr void check_target(T target) const {
    if (!(target >= 0 && target <= 1))
      throw error("a target of BCEWithLogitsLoss is " + detail::exact(static_cast<double>(target)) +
                  "; expected 0 to 1");
  }
};

}  // namespace tnn
