#pragma once
// How a network is checked. The shape is carried from entry to entry of the flat network and stops
// at the first refusal. What is left is the graph: bound layers in the order of forward, each with
// its path and the numbers of the values that it reads. Value 0 is the input, value i + 1 what
// layer i makes.
#include <span>

#include <tnn/core/names.hpp>

namespace tnn::detail {

/// A bound layer, its path, whether it is in a Frozen part, how many combinators of branches it is
/// within, and the values it reads.
template <class Bound, class At, bool IsFrozen, int Depth, int... Values>
struct placed {
  using type = Bound;
  using at = At;
  static constexpr bool is_frozen = IsFrozen;
  static constexpr int depth = Depth;
  static constexpr int reads[sizeof...(Values)] = {Values...};
};

// --- the rules of what is no layer by itself -----------------------------------------------------

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
template <branching F, class X>
struct rule_of<F, X> {
  static constexpr refuses<fix::put_a_layer_in_it> ask() { return {}; }
};
template <named N, class X>
struct rule_of<N, X> {
  static constexpr refuses<fix::give_it_a_name_of_letters_digits_and_underscores> ask() {
    return {};
  }
};

/// What an error says of a layer: its type; of a Named the name alone.
template <class L>
struct shown {
  using type = L;
};
template <named N>
struct shown<N> {
  using type = called<N::name>;
};

using no_join_rule = refuses<fix::give_it_a_rule_that_joins_or_refuses_branches>;
/// The answer of a combinator's rule to the shapes that its branches make.
template <class F, class... Y>
constexpr auto join_rule() {
  if constexpr (requires {
                  requires is_joining<decltype(F::template rule<Y...>()), sizeof...(Y)>;
                }) {
    return F::template rule<Y...>();
  } else {
    return no_join_rule{};
  }
}

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

// --- carrying the shape --------------------------------------------------------------------------

/// A value: its shape and its number.
template <class X, int Number>
struct value {
  using shape = X;
  static constexpr int number = Number;
};

/// Branches that have begun: the value they receive, the place that a following Expect names in
/// each of them, and the values that the ended ones made.
template <class Received, class Before, class... Made>
struct branches_so_far {};

/// Where the walk is: the value it holds, how many layers it has bound, the place that a following
/// Expect names, and the branches it is within, innermost first.
template <class Value, int Layers, class Last, class... Within>
struct walked {};

/// The walk so far, and the layers of the last few entries.
template <class Position, class... Placed>
struct walk {
  static constexpr bool refused = false;
  using position = Position;
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

template <class X, int N, int Layers, class Last, class... Within, class... Placed, class L,
          class At, bool IsFrozen>
constexpr auto operator>>(walk<walked<value<X, N>, Layers, Last, Within...>, Placed...>,
                          entry<L, At, IsFrozen>) {
  using place = typename At::place;
  using answer = decltype(rule_of<L, X>::ask());
  if constexpr (answer::refused) {
    if constexpr (only_checks<L>) {
      return refuse<Last, L>(X{}, answer{});
    } else {
      return refuse<place, typename shown<L>::type>(X{}, answer{});
    }
  } else if constexpr (only_checks<L>) {
    return walk<walked<value<X, N>, Layers, Last, Within...>, Placed...>{};
  } else {
    using y = typename answer::shape;
    using sized = decltype(size_refusal<L, X, y>());
    if constexpr (sized::refused) {
      return refuse<place, L>(X{}, sized{});
    } else {
      return walk<walked<value<y, Layers + 1>, Layers + 1, place, Within...>, Placed...,
                  placed<bound<L, X, y>, At, IsFrozen, int{sizeof...(Within)}, N>>{};
    }
  }
}

template <class V, int Layers, class Last, class... Within, class... Placed>
constexpr auto operator>>(walk<walked<V, Layers, Last, Within...>, Placed...>, fork) {
  return walk<walked<V, Layers, Last, branches_so_far<V, Last>, Within...>, Placed...>{};
}
template <class V, int Layers, class Last, class Received, class Before, class... Made,
          class... Within, class... Placed>
constexpr auto operator>>(
    walk<walked<V, Layers, Last, branches_so_far<Received, Before, Made...>, Within...>, Placed...>,
    turn) {
  return walk<
      walked<Received, Layers, Before, branches_so_far<Received, Before, Made..., V>, Within...>,
      Placed...>{};
}

template <class V, int Layers, class Last, class Received, class Before, class... Made,
          class... Within, class... Placed, class F, class At, bool IsFrozen>
constexpr auto operator>>(
    walk<walked<V, Layers, Last, branches_so_far<Received, Before, Made...>, Within...>, Placed...>,
    join<F, At, IsFrozen>) {
  using place = typename At::place;
  using answer = decltype(join_rule<F, typename Made::shape..., typename V::shape>());
  if constexpr (std::is_same_v<answer, no_join_rule>) {
    return refuse<place, F>(typename Received::shape{}, answer{});
  } else if constexpr (answer::refused) {
    using wrong = nth_t<answer::number, list<Made..., V>>;
    return refuse<place, branch<answer::number>>(typename wrong::shape{},
                                                 refuses<typename answer::fix>{});
  } else {
    using first = nth_t<0, list<Made..., V>>;
    using x = typename first::shape;
    using y = typename answer::shape;
    using sized = decltype(size_refusal<typename answer::layer, x, y>());
    if constexpr (sized::refused) {
      return refuse<place, typename answer::layer>(x{}, sized{});
    } else {
      return walk<walked<value<y, Layers + 1>, Layers + 1, place, Within...>, Placed...,
                  placed<bound<typename answer::layer, x, y>, At, IsFrozen, int{sizeof...(Within)},
                         Made::number..., V::number>>{};
    }
  }
}

template <class Error, class Entry>
constexpr refusal<Error> operator>>(refusal<Error>, Entry) {
  return {};
}

/// All layers that were bound, and the last value's shape.
template <class Y, class Layers>
struct graph {
  static constexpr bool refused = false;
  using output = Y;
  using layers = Layers;
};

/// The index of the first frozen layer that reads what a trained one had a part in, whose gradient
/// would have to go through the frozen part; -1 if none.
template <class... Placed>
constexpr int first_frozen_too_late(list<Placed...>) {
  if constexpr (any({Placed::is_frozen..., false})) {
    const std::span<const int> reads[] = {Placed::reads..., {}};
    const bool is_frozen[] = {Placed::is_frozen..., false};
    const bool has_parameters[] = {(Placed::type::parameters::size > 0)..., false};
    bool has_gradient[sizeof...(Placed) + 1] = {};
    for (std::size_t i = 0; i < sizeof...(Placed); ++i) {
      bool of_what_it_reads = false;
      for (const int v : reads[i])
        of_what_it_reads = of_what_it_reads || has_gradient[static_cast<std::size_t>(v)];
      if (is_frozen[i] && of_what_it_reads) return static_cast<int>(i);
      has_gradient[i + 1] = of_what_it_reads || (has_parameters[i] && !is_frozen[i]);
    }
  }
  return -1;
}

template <class Fix, int... Number, class L, class X, class Y, class At, bool IsFrozen, int Depth,
          int... Values>
constexpr auto refuse_layer(placed<bound<L, X, Y>, At, IsFrozen, Depth, Values...>,
                            layer<Number...>*) {
  return refuse<layer<Number...>, L>(X{}, refuses<Fix>{});
}
/// Of layer I.
template <class Fix, int I, class Layers>
constexpr auto refuse_nth() {
  using P = nth_t<I, Layers>;
  return refuse_layer<Fix>(P{}, static_cast<typename P::at::place*>(nullptr));
}
/// The graph, unless two of its tensors would have one name, or a frozen part is behind a trained
/// one.
template <class Y, class Layers>
constexpr auto with_all_in_order(graph<Y, Layers> all) {
  if constexpr (constexpr int twice = first_of_a_taken_name(Layers{}); twice >= 0) {
    return refuse_nth<fix::give_each_layer_its_own_name, twice, Layers>();
  } else if constexpr (constexpr int late = first_frozen_too_late(Layers{}); late >= 0) {
    return refuse_nth<fix::freeze_what_is_before_it_too, late, Layers>();
  } else {
    return all;
  }
}

template <class Before, class Rest>
struct graph_behind {
  using type = Rest;  // a refusal
};
template <class Before, class Y, class Layers>
struct graph_behind<Before, graph<Y, Layers>> {
  using type = graph<Y, typename joined<Before, Layers>::type>;
};

/// The graph of Entries from Position on, or the refusal. Eight entries at a time: otherwise a long
/// network would be listed anew for each of its layers.
template <class Position, class... Entries>
struct carried;
template <class Walk, class... Entries>
struct carried_on {
  using type =
      typename graph_behind<typename Walk::layers,
                            typename carried<typename Walk::position, Entries...>::type>::type;
};
template <class Error, class... Entries>
struct carried_on<refusal<Error>, Entries...> {
  using type = refusal<Error>;
};
template <class X, int N, int Layers, class Last>
struct carried<walked<value<X, N>, Layers, Last>> {
  using type = graph<X, list<>>;
};
template <class Position, class A, class... Rest>
struct carried<Position, A, Rest...> : carried_on<decltype(walk<Position>{} >> A{}), Rest...> {};
template <class Position, class A, class B, class C, class D, class E, class F, class G, class H,
          class... Rest>
struct carried<Position, A, B, C, D, E, F, G, H, Rest...>
    : carried_on<decltype(walk<Position>{} >> A{} >> B{} >> C{} >> D{} >> E{} >> F{} >> G{} >> H{}),
                 Rest...> {};

template <class X, class Before, class... Entries>
constexpr auto carry(list<Entries...>) {
  using type = typename carried<walked<value<X, 0>, 0, Before>, Entries...>::type;
  if constexpr (type::refused) {
    return type{};
  } else {
    return with_all_in_order(type{});
  }
}

/// What follows an Input of 1 or 3 extents, or a shape that was asked about.
template <class Net, class X, class Before>
constexpr auto follow() {
  if constexpr (!is_positive<X>) {
    return refuse<Before, Before>(X{}, refuses<fix::make_the_extents_at_least_1>{});
  } else if constexpr (!fits_31_bits<X>) {
    return refuse<Before, Before>(X{}, refuses<fix::make_the_Input_smaller_than_2_to_the_31>{});
  } else {
    return carry<X, Before>(typename flat<Net, path<>>::type{});
  }
}

/// analysis<Net, X>::ask(): a graph or a refusal. X is void where Net brings its Input.
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
  using without_layers = refusal<shape_error<Input<E...>, Sequential<Input<E...>, Layers...>,
                                             got<E...>, fix::put_a_layer_in_it>>;
  template <class Y>
  static constexpr without_layers with_layers(graph<Y, list<>>) {
    return {};
  }
  static constexpr auto with_layers(auto other) { return other; }

  static constexpr auto ask() {
    if constexpr (sizeof...(E) != 1 && sizeof...(E) != 3) {
      return refusal<
          shape_error<Input<E...>, Input<E...>, got<E...>, fix::give_Input_1_or_3_extents>>{};
    } else if constexpr (!any({!is_check<Layers>...})) {
      return without_layers{};
    } else {
      return with_layers(follow<Sequential<Layers...>, Shape<E...>, Input<E...>>());
    }
  }
};

}  // namespace tnn::detail
