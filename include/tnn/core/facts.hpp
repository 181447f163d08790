#pragma once
// What the compiler knows of a network. Each of these, asked of a refused network, raises its ONE
// error (core/explain.hpp) and then answers with `broken` or 0, so that nothing follows it.
#include <tnn/core/analysis.hpp>

namespace tnn {

namespace detail {

/// The layers and the output of a network, after reporting a refusal.
template <class Net, class X = void>
struct checked {
  static constexpr auto judge() {
    using verdict = decltype(analysis<Net, X>::ask());
    if constexpr (verdict::refused) {
      return list<list<>, decltype(report<typename verdict::error>())>{};
    } else {
      return list<typename verdict::layers, typename verdict::output>{};
    }
  }
  template <class T>
  struct split;
  template <class Layers, class Y>
  struct split<list<Layers, Y>> {
    using layers = Layers;
    using output = Y;
  };
  using result = split<decltype(judge())>;
  using layers = typename result::layers;
  using output = typename result::output;
  static constexpr bool is_broken = std::is_same_v<output, broken>;
};

template <class Net>
struct input_of {
  using type = broken;
};
template <int... E, class... Layers>
struct input_of<Sequential<Input<E...>, Layers...>> {
  using type = Shape<E...>;
};

/// Index in the flat list of the last layer at or inside the place Number...; -1 if none.
template <int... Number, class... Placed>
constexpr int last_at(layer<Number...>*, list<Placed...>) {
  const int wanted[] = {Number..., 0};
  int found = -1, at = 0;
  const auto look = [&](const int* number, int rank) {
    bool inside = rank >= static_cast<int>(sizeof...(Number));
    for (int i = 0; inside && i < static_cast<int>(sizeof...(Number)); ++i)
      inside = number[i] == wanted[i];
    found = inside ? at : found;
    return ++at;
  };
  const int each[] = {look(Placed::at::number, Placed::at::rank)..., 0};
  static_cast<void>(each);
  return found;
}

template <class Parameters>
inline constexpr std::int64_t size_of_parameters = 0;
template <class... P>
inline constexpr std::int64_t size_of_parameters<list<P...>> = (std::int64_t{0} + ... +
                                                                P::shape::size);

template <class Layers>
inline constexpr std::int64_t parameters_of = 0;
template <class... Placed>
inline constexpr std::int64_t parameters_of<list<Placed...>> =
    total({size_of_parameters<typename Placed::type::parameters>...});

template <class Layers>
inline constexpr std::int64_t multiply_adds_of = 0;
template <class... Placed>
inline constexpr std::int64_t multiply_adds_of<list<Placed...>> =
    total({Placed::type::multiply_adds...});

}  // namespace detail

namespace fix {
struct name_a_layer_that_exists;
}

/// The flat list of placed layers; empty for a refused network.
template <class Net>
using layers_t = typename detail::checked<Net>::layers;

/// Shape of the Input.
template <class Net>
using input_t = std::conditional_t<detail::checked<Net>::is_broken, detail::broken,
                                   typename detail::input_of<Net>::type>;

/// Shape of the output. A part without an Input is asked with one: output_t<Part, Shape<...>>.
template <class Net, class X = void>
using output_t = typename detail::checked<Net, X>::output;

namespace detail {
template <class Net, int... Number>
constexpr auto output_after() {
  if constexpr (checked<Net>::is_broken) {
    return broken{};
  } else {
    constexpr int i = last_at(static_cast<layer<Number...>*>(nullptr), layers_t<Net>{});
    if constexpr (sizeof...(Number) == 0 || i < 0) {
      return report<shape_error<layer<Number...>, Net, got<>, fix::name_a_layer_that_exists>>();
    } else {
      return typename nth_t<i, layers_t<Net>>::type::output{};
    }
  }
}
}  // namespace detail

/// Shape after layer I, or after layer I.J of a nested Sequential. Input is not counted.
template <class Net, int... Number>
using output_of = decltype(detail::output_after<Net, Number...>());

/// True if Net's output is S, and also if Net is refused: its own error has been raised then, and
/// static_assert(outputs<Net, Shape<10>>) adds none.
template <class Net, class S>
inline constexpr bool outputs = detail::checked<Net>::is_broken || std::is_same_v<output_t<Net>, S>;

/// Number of values in parameters, those of Frozen parts included.
template <class Net>
inline constexpr std::int64_t parameter_count = detail::parameters_of<layers_t<Net>>;

/// Multiply-adds of one sample's forward pass, in the contractions (Conv2d, Linear); biases and
/// elementwise work are not counted.
template <class Net>
inline constexpr std::int64_t multiply_adds = detail::multiply_adds_of<layers_t<Net>>;

}  // namespace tnn
