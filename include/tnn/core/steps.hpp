#pragma once
// The steps of a network on a backend in one mode: runs of layers that it does together. A backend
// says so by defining compute<B, T, Bound, Bound, ...>. A run grows by one layer after the other as
// long as there is math for it; each layer of it reads what the one before makes, which nobody else
// does. Most runs are of one layer.
#include <array>
#include <cstddef>
#include <utility>

#include <boost/hana/for_each.hpp>
#include <boost/hana/length.hpp>
#include <boost/hana/tuple.hpp>

#include <tnn/core/parameters.hpp>
#include <tnn/core/plan.hpp>

namespace tnn::detail {

// --- runs: what is done together from each layer on ----------------------------------------------
// All by layers alone, not by the network: equal layers share what is instantiated here, and names
// stay short.

/// Whether B does these layers together in that mode; a layer alone, whether it has math for it.
template <class B, class T, mode M, class... Bounds>
constexpr bool has_math() {
  if constexpr (!defined<compute<B, T, Bounds...>>) {
    return false;
  } else {
    return sizeof...(Bounds) == 1 || compute<B, T, Bounds...>::together(M);
  }
}

/// A run that may grow by the layer behind it, and one that may not.
template <class... Bounds>
struct growing {};
template <class... Bounds>
struct grown {
  static constexpr int length = sizeof...(Bounds);
};
/// Stands for what is behind the last layer.
struct no_layer {};

/// The run with the layer Next behind it, where the backend does them together.
template <class B, class T, mode M, class Run, bool Follows, class Next>
struct lengthened {
  using type = Run;
};
template <class B, class T, mode M, class... Bounds, bool Follows, class Next>
struct lengthened<B, T, M, growing<Bounds...>, Follows, Next> {
  using type = grown<Bounds...>;
};
template <class B, class T, mode M, class... Bounds, class Next>
requires(has_math<B, T, M, Bounds..., Next>()) struct lengthened<B, T, M, growing<Bounds...>, true,
                                                                 Next> {
  using type = growing<Bounds..., Next>;
};

template <class Run>
inline constexpr bool is_growing = false;
template <class... Bounds>
inline constexpr bool is_growing<growing<Bounds...>> = true;

template <class First, class... Rest>
list<Rest..., no_layer> shifted(list<First, Rest...>);

/// What a pass of mode M does in a part that may be frozen: there training is inference.
template <mode M, bool IsFrozen>
inline constexpr mode mode_in = IsFrozen ? mode::infer : M;

/// Whether a layer reads what the layer before it makes, is the only one to, and is frozen as that
/// is, or trained: parameters of both kinds do not lie side by side.
template <int Layers>
struct links {
  bool follows[2 * std::size_t{Layers} + 1] = {};  ///< false behind the last layer
  bool is_frozen[std::size_t{Layers} + 1] = {};
  template <class... Placed>
  constexpr explicit links(list<Placed...>) : is_frozen{Placed::is_frozen..., false} {
    const std::span<const int> reads[] = {Placed::reads..., {}};
    int readers[std::size_t{Layers} + 1] = {};
    for (const std::span<const int> values : reads)
      for (const int v : values) ++readers[v];
    for (int i = 1; i < Layers; ++i)
      for (const int v : reads[i])
        follows[i] = follows[i] || (v == i && readers[i] == 1 && is_frozen[i] == is_frozen[i - 1]);
  }
};
template <class Layers>
inline constexpr links<Layers::size> links_of{Layers{}};

/// For each layer the run that begins there, K layers long unless it has ended before; Next: for
/// each layer the one K places behind it.
template <class B, class T, mode M, class Layers, int K, class Runs, class Next>
struct runs;
template <class B, class T, mode M, class Layers, int K, class... Run, class... Next>
struct runs<B, T, M, Layers, K, list<Run...>, list<Next...>> {
  template <int... I>
  static constexpr auto longer(std::integer_sequence<int, I...>) {
    constexpr auto& link = links_of<Layers>;
    return list<typename lengthened<B, T, mode_in<M, link.is_frozen[I]>, Run, link.follows[I + K],
                                    Next>::type...>{};
  }
  static constexpr auto make() {
    if constexpr (any({is_growing<Run>...})) {
      return runs<B, T, M, Layers, K + 1,
                  decltype(longer(std::make_integer_sequence<int, Layers::size>{})),
                  decltype(shifted(list<Next...>{}))>::make();
    } else {
      return list<Run...>{};
    }
  }
};
template <class B, class T, mode M, class Layers, class... Placed>
constexpr auto all_runs(list<Placed...>) {
  using alone = list<
      std::conditional_t<has_math<B, T, mode_in<M, Placed::is_frozen>, typename Placed::type>(),
                         growing<typename Placed::type>, grown<>>...>;
  using bounds = list<typename Placed::type...>;
  return runs<B, T, M, Layers, 1, alone, decltype(shifted(bounds{}))>::make();
}

// --- steps: the runs that are taken --------------------------------------------------------------

/// Layers First, First + 1, ... of the flat list, by what Compute says. It reads values: the first
/// is x, and value v is what step v - 1 makes. FirstRead: how many values the steps before it read.
template <int Index, int First, bool IsFrozen, class Compute, int FirstRead, class Reads,
          class... Bounds>
struct step;
template <int Index, int First, bool IsFrozen, class Compute, int FirstRead, int... Values,
          class... Bounds>
struct step<Index, First, IsFrozen, Compute, FirstRead, std::integer_sequence<int, Values...>,
            Bounds...> {
  static constexpr std::size_t index = Index, first = First, first_read = FirstRead;
  static constexpr int layers = sizeof...(Bounds);
  static constexpr bool is_frozen = IsFrozen;
  static constexpr int reads[sizeof...(Values)] = {Values...};
  using compute = Compute;
  using bounds = list<Bounds...>;
  static constexpr std::int64_t outputs = nth_t<layers - 1, bounds>::output::size;
  static constexpr bool trains = !IsFrozen && ((Bounds::parameters::size > 0) || ...);
};

template <class S, mode M>
constexpr step_facts facts_of() {
  using C = typename S::compute;
  return {.reads = S::reads,
          .output = S::outputs,
          .where = C::output(mode_in<M, S::is_frozen>),
          .reads_x = C::backward_reads_x,
          .reads_y = C::backward_reads_y,
          .reads_others = C::backward_reads_others,
          .trains = S::trains,
          .can_add = C::can_add,
          .takes_y_stride = C::takes_y_stride,
          .parts = C::parts,
          .saved = C::saved,
          .kept = S::is_frozen ? 0 : C::kept};
}

/// Where steps begin, and the values that they read: read[first_read[s]] is the x of step s.
template <int Layers, int Reads>
struct step_table {
  bool complete = true;
  int count = 0;
  int first[std::size_t{Layers} + 1] = {}, first_read[std::size_t{Layers} + 1] = {},
                                  read[std::size_t{Reads} + 1] = {};

  template <class... Placed, class... Run>
  constexpr step_table(list<Placed...>, list<Run...>) {
    const int lengths[] = {Run::length..., 0};
    const std::span<const int> reads[] = {Placed::reads..., {}};
    int value[std::size_t{Layers} + 1] = {};  // a layer's output, counted by steps
    int all = 0;
    for (int i = 0; i < Layers && complete; i += lengths[i]) {
      complete = lengths[i] > 0;
      if (!complete) break;
      first[count] = i;
      first_read[count] = all;
      // All that its layers read but what they hand to one another.
      for (int k = 0; k < lengths[i]; ++k)
        for (const int v : reads[i + k])
          if (k == 0 || v != i + k) read[all++] = value[v];
      value[i + lengths[i]] = ++count;
    }
    first_read[count] = all;
  }
};

template <class Net, class B, class T, mode M>
struct steps {
  using layers = layers_t<Net>;
  using runs = decltype(all_runs<B, T, M, layers>(layers{}));

  template <class... Placed>
  static constexpr int count_reads(list<Placed...>) {
    return static_cast<int>(total({static_cast<std::int64_t>(std::size(Placed::reads))...}));
  }
  static constexpr step_table<layers::size, count_reads(layers{})> table{layers{}, runs{}};

  template <int S, class Run, class Numbers>
  struct make_step;
  template <int S, class... Bounds, int... R>
  struct make_step<S, grown<Bounds...>, std::integer_sequence<int, R...>> {
    using type =
        step<S, table.first[S], links_of<layers>.is_frozen[table.first[S]],
             compute<B, T, Bounds...>, table.first_read[S],
             std::integer_sequence<int, table.read[table.first_read[S] + R]...>, Bounds...>;
  };
  template <int S>
  using step_at = typename make_step<
      S, nth_t<table.first[S], runs>,
      std::make_integer_sequence<int, table.first_read[S + 1] - table.first_read[S]>>::type;

  template <class L, class X, class Y, class At, bool IsFrozen, int... N, class... Rest>
  static constexpr auto report_first_missing(
      list<placed<bound<L, X, Y>, At, IsFrozen, N...>, Rest...>) {
    if constexpr (defined<compute<B, T, bound<L, X, Y>>>) {
      return report_first_missing(list<Rest...>{});
    } else {
      using missing = decltype(refuse<typename At::place, L>(X{}, missing_math<B>()));
      return report<typename missing::error>();
    }
  }
  template <int... S>
  static constexpr auto make(std::integer_sequence<int, S...>) {
    if constexpr (table.complete) {
      return list<step_at<S>...>{};
    } else {
      report_first_missing(layers{});
      return list<>{};
    }
  }
  using list_of_all = decltype(make(std::make_integer_sequence<int, table.count>{}));
  static constexpr std::size_t count = std::size_t{list_of_all::size};

  template <class... S>
  static constexpr auto tuple_of(list<S...>) {
    return boost::hana::tuple<S...>{};
  }
  /// The steps as a tuple, for boost::hana::for_each.
  static constexpr auto all = tuple_of(list_of_all{});

  template <class... S>
  static constexpr std::array<step_facts, count> facts_of_all(list<S...>) {
    return {facts_of<S, M>()...};
  }
  static constexpr std::array<step_facts, count> facts = facts_of_all(list_of_all{});
  static constexpr auto reads = static_cast<std::size_t>(table.first_read[count]);
  static constexpr std::int64_t input = input_t<Net>::size;
  static constexpr mode in_mode = M;
  static constexpr const auto& plan = planned<steps>::plan;

  template <class... S>
  static constexpr std::int64_t most_scratch(list<S...>, std::int64_t batch, int threads) {
    std::int64_t most = 0;
    for (const std::int64_t one :
         {S::compute::scratch(batch, threads, mode_in<M, S::is_frozen>)..., most})
      most = one > most ? one : most;
    return most;
  }
  static constexpr std::int64_t scratch(std::int64_t batch, int threads) {
    return most_scratch(list_of_all{}, batch, threads);
  }
};

}  // namespace tnn::detail
