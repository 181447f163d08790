#pragma once
// What an optimizer is: its options, among them `rate`; the names of what it remembers of each
// parameter, PyTorch's; what an update is told; and the update of one value, given
//   w a weight, g its gradient, and as many values of its own as it has names
// `rate` may be scaled for a parameter after settings() has made it: nothing may be derived from
// it. An update is one pass over the arenas, so one loop for all parameters and no temporaries.
// docs/training.md writes one.
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

#include <tnn/core/host_device.hpp>
#include <tnn/core/parameters.hpp>

namespace tnn {

/// How a parameter is treated: whether weight decay changes it, and a factor of its rate.
struct TensorRule {
  bool decays = true;
  double rate = 1;
  friend constexpr bool operator==(const TensorRule&, const TensorRule&) = default;
};

/// What parameters say of themselves: all decay but those that are declared no_decay (BatchNorm's).
constexpr TensorRule as_declared(const ParameterInfo& p) { return {p.decays}; }

/// Weight decay for weights alone: not for biases, norms, or other vectors.
constexpr TensorRule no_decay_of_vectors(const ParameterInfo& p) {
  return {p.decays && p.shape.size() > 1};
}

namespace detail {

template <class O>
inline constexpr std::size_t states_of = std::size(O::state);

/// What an update is told, for scalars T: plain values, one of them `rate`.
template <class O, class T>
using settings_of = decltype(std::declval<const O&>().template settings<T>(std::int64_t{}));

/// Calls O::update with as many values of its own as it has.
template <class O, class T, std::size_t... I>
TNN_HOST_DEVICE constexpr void update_value(const settings_of<O, T>& told, bool decays, T& w, T g,
                                            T* const* states, std::int64_t i,
                                            std::index_sequence<I...>) {
  O::update(told, decays, w, g, states[I][i]...);
}

}  // namespace detail

template <class O>
concept UpdateRule = requires(const O& o, double w) {
  { o.rate } -> std::convertible_to<double>;
  { O::state[0] } -> std::convertible_to<std::string_view>;
  { detail::settings_of<O, double>{}.rate } -> std::convertible_to<double>;
  detail::update_value<O, double>(o.template settings<double>(0), true, w, 0.0, nullptr, 0,
                                  std::make_index_sequence<detail::states_of<O>>{});
};

namespace detail {

/// The update of value i of some of the arenas.
template <class O, class T>
struct update_values {
  T* weights;
  const T* gradients;
  T* states[states_of<O> + 1];
  const settings_of<O, T>* told;
  const T* clip;  ///< a factor of all gradients; nullptr: 1
  bool decays;
  T rate;  ///< a factor of the rate

  TNN_HOST_DEVICE constexpr void operator()(std::int64_t i) const { range(i, i + 1); }

  /// Values [first, last). What is told is read once: any store of a value might change it, for all
  /// a compiler knows.
  TNN_HOST_DEVICE constexpr void range(std::int64_t first, std::int64_t last) const {
    if (clip == nullptr) {
      loop<false>(first, last);
    } else {
      loop<true>(first, last);
    }
  }

 private:
  /// Without clipping there is no product with 1, which compilers would put together with the sum
  /// behind it: other bits.
  template <bool Clips>
  TNN_HOST_DEVICE constexpr void loop(std::int64_t first, std::int64_t last) const {
    settings_of<O, T> settings = *told;
    settings.rate *= rate;
    const T factor = Clips ? *clip : T{1};
    for (std::int64_t i = first; i < last; ++i) {
      const T g = Clips ? factor * gradients[i] : gradients[i];
      update_value<O, T>(settings, decays, weights[i], g, states, i,
                         std::make_index_sequence<states_of<O>>{});
    }
  }
};

}  // namespace detail
}  // namespace tnn
