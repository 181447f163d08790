#pragma once
// Input, Sequential and Named: how a network is written down, and how it is checked.
// A network is first laid flat (a list of entries: layer and place), so that nested Sequentials
// nest no instantiations; then one fold carries the shape from entry to entry and stops at the
// first refusal. Places are PyTorch's: Input and Expect take no number, a nested Sequential takes
// one and its layers are I.J.
#include <cstddef>
#include <utility>

#include <tnn/core/layer.hpp>
#include <tnn/layers/expect/expect.hpp>

namespace tnn {

/// What the network receives: Input<C, H, W> or Input<N>. It stands first and only there.
template <int... Extents>
struct Input {};

/// Layers in order: torch.nn.Sequential. It is itself a layer of another Sequential.
template <class... Layers>
struct Sequential {};

/// A string that can be a template argument: Named<"features", ...>.
template <std::size_t N>
struct fixed_string {
  char text[N] = {};
  constexpr fixed_string(const char (&from)[N]) {  // NOLINT: implicit, for Named<"features", ...>
    for (std::size_t i = 0; i < N; ++i) text[i] = from[i];
  }
  static constexpr std::size_t size = N - 1;
};

/// A layer under a name of its own, as in an OrderedDict: its parameters are NAME.weight or, of a
/// Sequential, NAME.0.weight. It still takes its number among its neighbours.
template <fixed_string Name, class Inner>
struct Named {
  static constexpr auto name = Name;
  using named_layer = Inner;
};

namespace fix {
struct put_Input_first;
struct Input_belongs_first;
struct give_Input_1_or_3_extents;
struct make_the_extents_at_least_1;
struct make_the_Input_smaller_than_2_to_the_31;
struct put_a_layer_in_it;
struct use_a_layer_type_here;
struct give_it_a_rule_that_accepts_or_refuses;
struct make_the_output_smaller_than_2_to_the_31;
struct make_the_weights_smaller_than_2_to_the_31;
struct give_it_a_name_of_letters_digits_and_underscores;
struct give_each_layer_its_own_name;
}  // namespace fix

/// A layer with the shape it receives and the shape it makes: what backends compute.
template <class L, class X, class Y>
struct bound {
  using layer = L;
  using input = X;
  using output = Y;
  using tensors = typename L::template tensors<X>;
  using parameters = detail::only_t<tensor_kind::parameter, tensors>;
  using buffers = detail::only_t<tensor_kind::buffer, tensors>;
  using counters = detail::only_t<tensor_kind::counter, tensors>;
  /// Of a tensor, among those that are no counters.
  template <class Tag>
  static constexpr int place_of = detail::place_among<Tag>(tensors{});
  static constexpr std::int64_t multiply_adds = L::template multiply_adds<X>;
};

namespace detail {

/// A bound layer at its place.
template <class Bound, class At>
struct placed {
  using type = Bound;
  using at = At;
};

template <class L, class At>
struct entry {};

/// A Named. nvcc matches no partial specialization on a fixed_string, so it is told by its members.
template <class T>
concept named = requires {
  typename T::named_layer;
  T::name.text;
};

template <class T>
inline constexpr bool takes_number = true;
template <int... E>
inline constexpr bool takes_number<Input<E...>> = false;
template <class S>
inline constexpr bool takes_number<Expect<S>> = false;
template <named N>
inline constexpr bool takes_number<N> = takes_number<typename N::named_layer>;

/// The name a layer was given, empty if none.
struct label {
  const char* text = nullptr;
  std::size_t size = 0;
  friend constexpr bool operator==(label a, label b) {
    bool same = a.size == b.size;
    for (std::size_t i = 0; same && i < a.size; ++i) same = a.text[i] == b.text[i];
    return same;
  }
};
template <class L>
inline constexpr label label_of{};
template <named N>
inline constexpr label label_of<N>{N::name.text, N::name.size};

/// The numbers of a Sequential's layers, and which of them has the name of an earlier one.
template <class... Layers>
struct numbering {
  int of[sizeof...(Layers) + 1] = {};
  bool name_is_taken[sizeof...(Layers) + 1] = {};
  constexpr numbering() {
    int i = 0, next = 0;
    ((of[i++] = next, next += takes_number<Layers> ? 1 : 0), ...);
    const label labels[] = {label_of<Layers>..., label{}};
    for (i = 0; labels[i].size > 0 || i < static_cast<int>(sizeof...(Layers)); ++i)
      for (int j = 0; j < i; ++j)
        name_is_taken[i] = name_is_taken[i] || (labels[i].size > 0 && labels[i] == labels[j]);
  }
};

/// Letters, digits and underscores, not starting with a digit (those are PyTorch's own numbers).
template <std::size_t N>
constexpr bool is_name(const fixed_string<N>& s) {
  bool good = s.size > 0 && !(s.text[0] >= '0' && s.text[0] <= '9');
  for (std::size_t i = 0; i < s.size; ++i) {
    const char c = s.text[i];
    good = good &&
           ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_');
  }
  return good;
}

// --- laying flat -----------------------------------------------------------------------------

/// Stands for a layer whose name its Sequential already has.
template <class L>
struct twice_named {};

template <class L, class At>
struct flat {
  using type = list<entry<L, At>>;
};

template <bool NameIsTaken, class L, class At>
struct flat_one : flat<L, At> {};
template <class L, class At>
struct flat_one<true, L, At> : flat<twice_named<L>, At> {};

template <class At, class Indices, class... Layers>
struct flat_each;
template <int... Number, int... I, class... Layers>
struct flat_each<layer<Number...>, std::integer_sequence<int, I...>, Layers...> {
  static constexpr numbering<Layers...> numbers{};
  using type = decltype((list<>{} + ... +
                         typename flat_one<numbers.name_is_taken[I], Layers,
                                           layer<Number..., numbers.of[I]>>::type{}));
};

template <class First, class... Rest, class At>
struct flat<Sequential<First, Rest...>, At>
    : flat_each<At, std::make_integer_sequence<int, 1 + static_cast<int>(sizeof...(Rest))>, First,
                Rest...> {};

template <named N, class At>
requires(is_name(N::name)) struct flat<N, At> : flat<typename N::named_layer, At> {
};

// --- the rules of what is no layer by itself ---------------------------------------------------

template <class Answer>
inline constexpr bool is_answer = false;
template <class Y>
inline constexpr bool is_answer<accepts<Y>> = is_shape<Y>;
template <class Fix>
inline constexpr bool is_answer<refuses<Fix>> = true;

template <class L, class X>
struct rule_of {
  static constexpr auto ask() {
    if constexpr (!Layer<L>) {
      return refuses<fix::use_a_layer_type_here>{};
    } else if constexpr (!requires { requires is_answer<decltype(L::template rule<X>())>; }) {
      return refuses<fix::give_it_a_rule_that_accepts_or_refuses>{};
    } else {
      return L::template rule<X>();
    }
  }
};
template <int... E, class X>
struct rule_of<Input<E...>, X> {
  static constexpr refuses<fix::Input_belongs_first> ask() { return {}; }
};
template <class X>
struct rule_of<Sequential<>, X> {
  static constexpr refuses<fix::put_a_layer_in_it> ask() { return {}; }
};
template <named N, class X>
struct rule_of<N, X> {
  static constexpr refuses<fix::give_it_a_name_of_letters_digits_and_underscores> ask() {
    return {};
  }
};

/// What no layer may do, whatever its rule says: sizes are counted in ints.
template <class... P>
constexpr bool weights_fit(list<P...>) {
  return (fits_31_bits<typename P::shape> && ...);
}
template <class L, class X, class Y>
constexpr auto size_refusal() {
  if constexpr (!is_positive<Y>) {
    return refuses<fix::make_the_extents_at_least_1>{};
  } else if constexpr (!fits_31_bits<Y>) {
    return refuses<fix::make_the_output_smaller_than_2_to_the_31>{};
  } else if constexpr (!weights_fit(typename L::template tensors<X>{})) {
    return refuses<fix::make_the_weights_smaller_than_2_to_the_31>{};
  } else {
    return accepts<Y>{};
  }
}

// --- the fold ----------------------------------------------------------------------------------

/// The shape has come as far as X; Last is the place a following Expect names.
template <class X, class Last, class... Placed>
struct walk {
  static constexpr bool refused = false;
  using output = X;
  using layers = list<Placed...>;
};

template <class Error>
struct refusal {
  static constexpr bool refused = true;
  using error = Error;
};

/// Deduced, so that nvcc prints what the names stand for.
template <class At, class L, int... Extents, class Fix>
constexpr refusal<shape_error<At, L, got<Extents...>, Fix>> refuse(Shape<Extents...>,
                                                                   refuses<Fix>) {
  return {};
}

template <class X, class Last, class... Placed, class L, class At>
constexpr auto operator>>(walk<X, Last, Placed...>, entry<L, At>) {
  using answer = decltype(rule_of<L, X>::ask());
  if constexpr (answer::refused) {
    return refuse<At, L>(X{}, answer{});
  } else {
    using y = typename answer::shape;
    using sized = decltype(size_refusal<L, X, y>());
    if constexpr (sized::refused) {
      return refuse<At, L>(X{}, sized{});
    } else {
      return walk<y, At, Placed..., placed<bound<L, X, y>, At>>{};
    }
  }
}
template <class X, class Last, class... Placed, class L, class At>
constexpr auto operator>>(walk<X, Last, Placed...>, entry<twice_named<L>, At>) {
  return refuse<At, L>(X{}, refuses<fix::give_each_layer_its_own_name>{});
}
template <class X, class Last, class... Placed, class S, class At>
constexpr auto operator>>(walk<X, Last, Placed...>, entry<Expect<S>, At>) {
  using answer = decltype(Expect<S>::template rule<X>());
  if constexpr (answer::refused) {
    return refuse<Last, Expect<S>>(X{}, answer{});
  } else {
    return walk<X, Last, Placed...>{};
  }
}
template <class Error, class Entry>
constexpr refusal<Error> operator>>(refusal<Error>, Entry) {
  return {};
}

template <class X, class Before, class... Entries>
constexpr auto carry(list<Entries...>) {
  return (walk<X, Before>{} >> ... >> Entries{});
}

/// What follows an Input of 1 or 3 extents, or a shape that was asked about.
template <class Net, class X, class Before>
constexpr auto follow() {
  if constexpr (!is_positive<X>) {
    return refuse<Before, Before>(X{}, refuses<fix::make_the_extents_at_least_1>{});
  } else if constexpr (!fits_31_bits<X>) {
    return refuse<Before, Before>(X{}, refuses<fix::make_the_Input_smaller_than_2_to_the_31>{});
  } else {
    return carry<X, Before>(typename flat<Net, layer<>>::type{});
  }
}

/// analysis<Net, X>::ask(): a walk or a refusal. X is void where Net brings its Input.
template <class Net, class X>
struct analysis {
  static constexpr auto ask() {
    if constexpr (std::is_void_v<X>) {
      return refusal<shape_error<layer<0>, Net, got<>, fix::put_Input_first>>{};
    } else {
      return follow<Sequential<Net>, X, X>();
    }
  }
};
template <class First, class... Rest>
struct analysis<Sequential<First, Rest...>, void> {
  static constexpr auto ask() {
    return refusal<shape_error<layer<0>, First, got<>, fix::put_Input_first>>{};
  }
};
template <class... Layers, class X>
requires(!std::is_void_v<X>) struct analysis<Sequential<Layers...>, X> {
  static constexpr auto ask() { return follow<Sequential<Layers...>, X, X>(); }
};
template <class X>
struct analysis<Sequential<>, X> {
  static constexpr auto ask() {
    return refusal<shape_error<layer<0>, Sequential<>, got_t<X>, fix::put_a_layer_in_it>>{};
  }
};
template <int... E, class... Layers>
struct analysis<Sequential<Input<E...>, Layers...>, void> {
  static constexpr auto ask() {
    if constexpr (sizeof...(E) != 1 && sizeof...(E) != 3) {
      return refusal<
          shape_error<Input<E...>, Input<E...>, got<E...>, fix::give_Input_1_or_3_extents>>{};
    } else if constexpr (!(takes_number<Layers> || ...)) {
      return refusal<shape_error<Input<E...>, Sequential<Input<E...>, Layers...>, got<E...>,
                                 fix::put_a_layer_in_it>>{};
    } else {
      return follow<Sequential<Layers...>, Shape<E...>, Input<E...>>();
    }
  }
};

}  // namespace detail
}  // namespace tnn
