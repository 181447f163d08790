#pragma once
// A network laid flat: a list of entries, in the order of forward, so that nested Sequentials nest
// no instantiations. An entry is a layer with its path, or a mark where branches fork, turn to the
// next of them, or join.
// A path is what PyTorch calls a layer's place (3, or 1.0) and its name (features.0): a number a
// level, and a label where Named gives one. Input and Expect take no number, a nested Sequential
// takes one and its layers are I.J.
#include <tnn/core/branches.hpp>

namespace tnn::detail {

/// The name a layer was given, empty if none.
struct label {
  const char* text = nullptr;
  std::size_t size = 0;
};

/// A level of a path.
template <int Number>
struct numbered {
  static constexpr int number = Number;
  static constexpr label name{};
};
template <int Number, fixed_string Name>
struct labelled {
  static constexpr int number = Number;
  static constexpr auto text = Name;
  static constexpr label name{text.text, text.size};
};
/// The numbers and labels of a path, whatever its type.
struct path_levels {
  const int* number;
  const label* name;
  int rank;
};
template <class... Levels>
struct path {
  static constexpr int rank = sizeof...(Levels);
  static constexpr int number[sizeof...(Levels) + 1] = {Levels::number..., 0};
  static constexpr label name[sizeof...(Levels) + 1] = {Levels::name..., label{}};
  static constexpr path_levels levels{number, name, rank};
  static constexpr bool has_label = any({(Levels::name.size > 0)..., false});
  using place = layer<Levels::number...>;
  template <class Level>
  using then = path<Levels..., Level>;
};

/// Frozen: it is in a Frozen part.
template <class L, class At, bool IsFrozen = false>
struct entry {};
/// The branches of a combinator begin.
struct fork {};
/// The next of them begins.
struct turn {};
/// All branches of the combinator F have ended.
template <class F, class At, bool IsFrozen = false>
struct join {};

/// A Named. nvcc matches no partial specialization on a fixed_string, so it is told by its members.
template <class T>
concept named = requires {
  typename T::named_layer;
  T::name.text;
};

/// A layer that leaves no trace: Expect.
template <class L>
concept only_checks = requires {
  requires L::only_checks;
};

/// What takes no number because it only checks, under a name or not.
template <class L>
inline constexpr bool is_check = only_checks<L>;
template <named N>
inline constexpr bool is_check<N> = is_check<typename N::named_layer>;
template <class L>
inline constexpr bool is_check<Frozen<L>> = is_check<L>;

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

// --- numbers -------------------------------------------------------------------------------------

/// How many numbers L takes among its neighbours.
template <class L>
inline constexpr int numbers_taken = 1;
/// How many its layers take where L has no level of its own.
template <class L>
inline constexpr int numbers_within = 0;

template <int... E>
inline constexpr int numbers_taken<Input<E...>> = 0;
template <only_checks L>
inline constexpr int numbers_taken<L> = 0;
template <named N>
inline constexpr int numbers_taken<N> = is_check<N> ? 0 : 1;
template <class L>
inline constexpr int numbers_taken<Unnamed<L>> = numbers_within<L>;
template <class L>
inline constexpr int numbers_taken<Frozen<L>> = numbers_taken<L>;

template <named N>
inline constexpr int numbers_within<N> = numbers_taken<N>;
template <class L>
inline constexpr int numbers_within<Unnamed<L>> = numbers_within<L>;
template <class L>
inline constexpr int numbers_within<Frozen<L>> = numbers_within<L>;
template <class... Layers>
inline constexpr int numbers_within<Sequential<Layers...>> =
    static_cast<int>(total({numbers_taken<Layers>...}));

template <bool TakeNumbers, class... Branches>
constexpr int numbers_of_branches(list<Branches...>) {
  return static_cast<int>(
      total({(TakeNumbers ? numbers_taken<Branches> : numbers_within<Branches>)...}));
}
template <branching F>
inline constexpr int numbers_within<F> =
    numbers_of_branches<F::take_numbers>(typename F::branches{});

// --- laying flat ---------------------------------------------------------------------------------

/// The lists one after the other.
template <class... Lists>
struct joined {
  using type = list<>;
};
template <class... A>
struct joined<list<A...>> {
  using type = list<A...>;
};
template <class... A, class... B>
struct joined<list<A...>, list<B...>> {
  using type = list<A..., B...>;
};
template <class... A, class... B, class C, class... Rest>
struct joined<list<A...>, list<B...>, C, Rest...>
    : joined<list<A..., B...>, typename joined<C, Rest...>::type> {};
// Eight at a time, since instantiations are what a long network costs.
template <class... A, class... B, class... C, class... D, class... E, class... F, class... G,
          class... H, class... Rest>
struct joined<list<A...>, list<B...>, list<C...>, list<D...>, list<E...>, list<F...>, list<G...>,
              list<H...>, list<Rest...>> {
  using type = list<A..., B..., C..., D..., E..., F..., G..., H..., Rest...>;
};

/// The entries of L's layers where L has the path At, and its layers take numbers from First on.
template <class L, class At, int First = 0>
struct flat {
  using type = list<entry<L, At>>;
};

/// Entries, as those of a Frozen part.
template <class Mark>
struct frozen_entry {
  using type = Mark;
};
template <class L, class At>
struct frozen_entry<entry<L, At>> {
  using type = entry<L, At, true>;
};
template <class F, class At>
struct frozen_entry<join<F, At>> {
  using type = join<F, At, true>;
};
template <class Entries>
struct frozen;
template <class... Entries>
struct frozen<list<Entries...>> {
  using type = list<typename frozen_entry<Entries>::type...>;
};

/// The entries of L as the neighbour that takes Number within At.
template <class L, class At, int Number>
struct flat_neighbour : flat<L, typename At::template then<numbered<Number>>> {};
template <named N, class At, int Number>
requires(is_name(N::name)) struct flat_neighbour<N, At, Number>
    : flat<typename N::named_layer, typename At::template then<labelled<Number, N::name>>> {
};
template <class L, class At, int Number>
struct flat_neighbour<Unnamed<L>, At, Number> : flat<L, At, Number> {};
template <class L, class At, int Number>
struct flat_neighbour<Frozen<L>, At, Number>
    : frozen<typename flat_neighbour<L, At, Number>::type> {};

template <named N, class At, int First>
requires(is_name(N::name)) struct flat<N, At, First> : flat_neighbour<N, At, First> {
};
template <class L, class At, int First>
struct flat<Unnamed<L>, At, First> : flat<L, At, First> {};
template <class L, class At, int First>
struct flat<Frozen<L>, At, First> : frozen<typename flat<L, At, First>::type> {};

/// The entries of neighbours, the first of which takes Number; eight at a time.
template <class At, int Number, class... Layers>
struct flat_row {
  using type = list<>;
};
template <class At, int Number, class... Layers>
using flat_row_t = typename flat_row<At, Number, Layers...>::type;
template <class L, class At, int Number>
using flat_neighbour_t = typename flat_neighbour<L, At, Number>::type;

template <class At, int N, class L, class... Rest>
struct flat_row<At, N, L, Rest...>
    : joined<flat_neighbour_t<L, At, N>, flat_row_t<At, N + numbers_taken<L>, Rest...>> {};
template <class At, int N, class A, class B, class C, class D, class E, class F, class G, class H,
          class... Rest>
struct flat_row<At, N, A, B, C, D, E, F, G, H, Rest...> {
  static constexpr int b = N + numbers_taken<A>, c = b + numbers_taken<B>, d = c + numbers_taken<C>,
                       e = d + numbers_taken<D>, f = e + numbers_taken<E>, g = f + numbers_taken<F>,
                       h = g + numbers_taken<G>, rest = h + numbers_taken<H>;
  using type = typename joined<
      flat_neighbour_t<A, At, N>, flat_neighbour_t<B, At, b>, flat_neighbour_t<C, At, c>,
      flat_neighbour_t<D, At, d>, flat_neighbour_t<E, At, e>, flat_neighbour_t<F, At, f>,
      flat_neighbour_t<G, At, g>, flat_neighbour_t<H, At, h>, flat_row_t<At, rest, Rest...>>::type;
};

template <class L, class... Rest, class At, int First>
struct flat<Sequential<L, Rest...>, At, First> : flat_row<At, First, L, Rest...> {};

/// The entries of branches, the first of which takes Number, a turn between each two.
template <bool TakeNumbers, class At, int Number, class Branches>
struct flat_branches;
template <bool TakeNumbers, class B, class At, int Number>
using flat_branch_t = typename std::conditional_t<TakeNumbers, flat_neighbour<B, At, Number>,
                                                  flat<B, At, Number>>::type;
template <bool TakeNumbers, class At, int Number, class Last>
struct flat_branches<TakeNumbers, At, Number, list<Last>> {
  using type = flat_branch_t<TakeNumbers, Last, At, Number>;
};
template <bool TakeNumbers, class At, int Number, class B, class... Rest>
requires(sizeof...(Rest) > 0) struct flat_branches<TakeNumbers, At, Number, list<B, Rest...>>
    : joined<flat_branch_t<TakeNumbers, B, At, Number>, list<turn>,
             typename flat_branches<TakeNumbers, At,
                                    Number + (TakeNumbers ? numbers_taken<B> : numbers_within<B>),
                                    list<Rest...>>::type> {
};

template <class At, int First>
struct flat<skip, At, First> {
  using type = list<>;
};
template <branching F, class At, int First>
requires(F::branches::size > 0) struct flat<F, At, First>
    : joined<list<fork>,
             typename flat_branches<F::take_numbers, At, First, typename F::branches>::type,
             list<join<F, At>>> {
};

}  // namespace tnn::detail
