#pragma once
// What a loss is. It judges what a network makes against targets, in one of two ways:
//   by values   a target for each value of the output: MSELoss, L1Loss, HuberLoss, ...
//   by labels   a class for each place of the output: CrossEntropyLoss. A vector (K) is one place,
//               K x H x W are H x W places; K is the number of classes
// A loss is its options, and math<T> for one value or one place. If it has them, these are asked
// too:
//   rule<Y>()          whether it fits an output of shape Y, and the shape of a sample's targets
//   reduce             Reduction::mean or sum
//   check(classes)     tnn::error for options that make no sense;  check_target(t), for a target
//   constants()        numbers that math<T> wants on the backend
//   ignores(label), weight(labels)     labels that count for nothing; what a mean is over
// Losses are summed by pieces of a
// sample, each in order, and the host adds the pieces in order: no sum depends on threads.
#include <concepts>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>

#include <tnn/core/facts.hpp>
#include <tnn/core/host_device.hpp>
#include <tnn/core/integers.hpp>
#include <tnn/core/layer.hpp>
#include <tnn/core/parameters.hpp>

namespace tnn {

/// What gradients are of: the mean over all that is judged, or the sum. (What is reported is the
/// mean.)
enum class Reduction { mean, sum };

/// The loss of one value, and its derivative by that value.
template <class T>
struct loss_term {
  T loss, derivative;
};

/// The sum of the losses of some values or places; by labels, also how many of them had the highest
/// value of their place.
template <class T>
struct loss_sum {
  T loss = 0;
  std::int32_t right = 0;
};

/// The values of all classes at one place of the output, or their gradients.
template <class T>
struct place_values {
  T* first;
  std::int64_t apart;  ///< values from a class to the next
  TNN_HOST_DEVICE constexpr T& operator[](int k) const { return first[k * apart]; }
};

namespace detail {

/// A loss's math for scalars T: made of the loss (and of its constants on the backend) if it has
/// options.
template <class T, class L>
constexpr auto math_of(const L& loss, [[maybe_unused]] const T* constants) {
  using math = typename L::template math<T>;
  if constexpr (std::constructible_from<math, const L&, const T*>) {
    return math(loss, constants);
  } else if constexpr (std::constructible_from<math, const L&>) {
    return math(loss);
  } else {
    return math{};
  }
}
template <class T, class L>
using math_t = decltype(math_of<T>(std::declval<const L&>(), nullptr));

template <class L>
concept has_loss_math = requires {
  typename L::template math<double>;
};

}  // namespace detail

/// Judges by values: math<T> says the loss of a value and its target.
template <class L>
concept ValueLoss = detail::has_loss_math<L> && requires(detail::math_t<double, L> math, double y) {
  { math(y, y) } -> std::same_as<loss_term<double>>;
};

/// Judges by labels: math<T> says the loss of the values of so many classes and the label; unless
/// dy.first is nullptr it leaves the gradients, times a scale.
template <class L>
concept LabelLoss = detail::has_loss_math<L> &&
    requires(detail::math_t<double, L> math, place_values<const double> y, int k,
             place_values<double> dy, double scale) {
  { math(y, k, k, dy, scale) } -> std::same_as<loss_sum<double>>;
};

template <class L>
concept LossFunction = ValueLoss<L> || LabelLoss<L>;

/// Stands in an error where a layer's place does.
struct at_the_output;

namespace fix {
struct give_it_an_output_for_each_class;
}

namespace detail {

/// What a loss says of an output Y: its own rule, or accepts<shape of a sample's targets>.
template <class L, class Y>
constexpr auto loss_rule() {
  if constexpr (requires { L::template rule<Y>(); }) {
    return L::template rule<Y>();
  } else if constexpr (ValueLoss<L>) {
    return accepts<Y>{};
  } else if constexpr (Y::extent(0) < 2) {
    return refuses<fix::give_it_an_output_for_each_class>{};
  } else {
    return accepts<Shape<static_cast<int>(Y::size / Y::extent(0))>>{};
  }
}

/// Whether the loss L fits what a Model M makes. If not, or if M could not be built, the one error
/// has been reported.
template <class M, class L>
constexpr bool judges() {
  if constexpr (!M::is_built) {
    return false;
  } else {
    using Y = output_t<typename M::network>;
    using answer = decltype(loss_rule<L, Y>());
    if constexpr (answer::refused)
      report<typename decltype(refuse<at_the_output, L>(Y{}, answer{}))::error>();
    return !answer::refused;
  }
}

/// Whether M can be trained by L too: not all of its parameters are frozen.
template <class M, class L>
constexpr bool trains() {
  if constexpr (!judges<M, L>()) {
    return false;
  } else {
    using Net = typename M::network;
    using Unfreeze = refuses<fix::leave_a_part_that_is_not_Frozen>;
    constexpr bool has_some = !trained_parameters<Net>.empty() || parameters_table<Net>.empty();
    if constexpr (!has_some)
      report<typename decltype(refuse<at_the_output, L>(output_t<Net>{}, Unfreeze{}))::error>();
    return has_some;
  }
}

/// How a loss judges outputs of shape Y.
template <class L, class T, class Y>
struct judging {
  static constexpr bool by_labels = LabelLoss<L>;
  using target = std::conditional_t<by_labels, std::int32_t, T>;
  static constexpr int classes = by_labels ? Y::extent(0) : 1;
  /// Targets of a sample: its places, or its values.
  static constexpr std::int64_t targets = Y::size / classes;
  /// A piece is long enough to be worth a thread of a GPU, and short enough for many of them.
  static constexpr std::int64_t piece = 256, pieces = ceil_div(targets, piece);
};

/// Judges piece `i`; pieces are numbered within a sample first.
template <class L, class T, class Y>
struct judge {
  using how = judging<L, T, Y>;
  math_t<T, L> math;
  const T* y;
  const typename how::target* targets;
  T* dy;  ///< nullptr where only the loss is wanted
  loss_sum<T>* found;
  const T* scale;  ///< of the gradients

  TNN_HOST_DEVICE constexpr void operator()(std::int64_t i) const {
    const std::int64_t sample = i / how::pieces, first = i % how::pieces * how::piece;
    const std::int64_t end = first + how::piece;
    const std::int64_t last = end < how::targets ? end : how::targets;
    loss_sum<T> sum;
    for (std::int64_t k = first; k < last; ++k) {
      const std::int64_t at = sample * Y::size + k;
      const auto target = targets[sample * how::targets + k];
      if constexpr (how::by_labels) {
        const loss_sum<T> one =
            math(place_values<const T>{y + at, how::targets}, how::classes, target,
                 place_values<T>{dy == nullptr ? nullptr : dy + at, how::targets}, *scale);
        sum.loss += one.loss;
        sum.right += one.right;
      } else {
        const loss_term<T> one = math(y[at], target);
        sum.loss += one.loss;
        if (dy != nullptr) dy[at] = one.derivative * *scale;
      }
    }
    found[i] = sum;
  }
};

/// What the mean of a batch's losses is taken over: the number of its targets, unless the loss
/// weighs them.
template <class L, class Target>
constexpr double weight_of(const L& loss, std::span<const Target> targets) {
  if constexpr (requires { loss.weight(targets); }) {
    return loss.weight(targets);
  } else {
    return static_cast<double>(targets.size());
  }
}

/// Numbers that a loss wants in the backend's memory.
template <class L>
constexpr std::span<const double> constants_of(const L& loss) {
  if constexpr (requires { loss.constants(); }) {
    return loss.constants();
  } else {
    return {};
  }
}

template <class L>
constexpr Reduction reduction_of(const L& loss) {
  if constexpr (requires { loss.reduce; }) {
    return loss.reduce;
  } else {
    return Reduction::mean;
  }
}

}  // namespace detail
}  // namespace tnn
