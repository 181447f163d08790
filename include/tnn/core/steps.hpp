#pragma once
// The steps of a network on a backend: runs of layers that it does together. A backend says so by
// defining compute<B, T, Bound, Bound, ...>; where several runs begin at a layer the longest is
// taken. Most runs are of one layer.
#include <array>
#include <cstddef>
#include <utility>

#include <boost/hana/for_each.hpp>
#include <boost/hana/length.hpp>
#include <boost/hana/tuple.hpp>

#include <tnn/core/parameters.hpp>
#include <tnn/core/plan.hpp>

namespace tnn::detail {

/// Layers First, First + 1, ... of the flat list. Index is the step's number, and its input's.
template <int Index, int First, class Compute, class... Bounds>
struct step {
  static constexpr std::size_t index = Index, first = First;
  static constexpr int layers = sizeof...(Bounds);
  using compute = Compute;
  using bounds = list<Bounds...>;
  static constexpr std::int64_t inputs = decltype(pick<0>(bounds{}))::input::size;
  static constexpr std::int64_t outputs = decltype(pick<layers - 1>(bounds{}))::output::size;
  static constexpr bool trains = ((Bounds::parameters::size > 0) || ...);
};

// A list whose elements are found by number at once, not one after the other.
template <int I, class Placed>
struct numbered {};
template <class Layers, class Numbers>
struct numbered_list;
template <class... Placed, int... I>
struct numbered_list<list<Placed...>, std::integer_sequence<int, I...>> : numbered<I, Placed>... {};
template <int I, class Placed>
Placed numbered_at(numbered<I, Placed>);

template <class Net, class B, class T>
struct steps {
  static constexpr int layers = layers_t<Net>::size, longest = 3;
  using numbers = std::make_integer_sequence<int, layers>;
  template <int I>
  using bound_at = typename decltype(numbered_at<I>(numbered_list<layers_t<Net>, numbers>{}))::type;

  template <int First, class Numbers>
  struct run;
  template <int First, int... K>
  struct run<First, std::integer_sequence<int, K...>> {
    using math = compute<B, T, bound_at<First + K>...>;
    template <int Index>
    using step = detail::step<Index, First, math, bound_at<First + K>...>;
  };
  template <int First, int Length>
  using run_of = run<First, std::make_integer_sequence<int, Length>>;

  template <int First, int Length>
  static constexpr bool together() {
    if constexpr (First + Length > layers) {
      return false;
    } else {
      return defined<typename run_of<First, Length>::math>;
    }
  }
  /// Layers of the step that begins at First; 0 where the backend has no math for that layer.
  template <int First, int Length = longest>
  static constexpr int length_at() {
    if constexpr (Length == 0 || together<First, Length>()) {
      return Length;
    } else {
      return length_at<First, Length - 1>();
    }
  }

  struct schedule {
    bool complete = true;
    int count = 0, first[std::size_t{layers} + 1] = {}, length[std::size_t{layers} + 1] = {};
    template <int... I>
    constexpr explicit schedule(std::integer_sequence<int, I...>) {
      const int lengths[] = {length_at<I>()..., 0};
      for (int i = 0; i < layers && complete; i += lengths[i]) {
        complete = lengths[i] > 0;
        first[count] = i;
        length[count] = lengths[i];
        count += complete ? 1 : 0;
      }
    }
  };
  static constexpr schedule order{numbers{}};

  template <class L, class X, class Y, class At, class... Rest>
  static constexpr auto report_first_missing(list<placed<bound<L, X, Y>, At>, Rest...>) {
    if constexpr (defined<compute<B, T, bound<L, X, Y>>>) {
      return report_first_missing(list<Rest...>{});
    } else {
      using missing = decltype(refuse<At, L>(X{}, missing_math<B>()));
      return report<typename missing::error>();
    }
  }
  template <int... S>
  static constexpr auto make(std::integer_sequence<int, S...>) {
    if constexpr (order.complete) {
      return boost::hana::tuple<
          typename run_of<order.first[S], order.length[S]>::template step<S>...>{};
    } else {
      report_first_missing(layers_t<Net>{});
      return boost::hana::tuple<>{};
    }
  }
  static constexpr auto all = make(std::make_integer_sequence<int, order.count>{});
  static constexpr std::size_t count = decltype(boost::hana::length(all))::value;

  static constexpr std::array<step_facts, count> facts(mode m) {
    std::array<step_facts, count> f{};
    boost::hana::for_each(all, [&](auto s) {
      using S = decltype(s);
      f[S::index] = {S::inputs,
                     S::outputs,
                     S::compute::output(m),
                     S::compute::backward_reads_x,
                     S::compute::backward_reads_y,
                     S::trains,
                     S::compute::saved,
                     S::compute::kept};
    });
    return f;
  }
  template <mode M>
  static constexpr memory_plan<count> plan = plan_memory(facts(M), M);

  static constexpr std::int64_t scratch(std::int64_t batch, int threads, mode m) {
    std::int64_t most = 0;
    boost::hana::for_each(all, [&](auto s) {
      const std::int64_t one = decltype(s)::compute::scratch(batch, threads, m);
      most = one > most ? one : most;
    });
    return most;
  }
};

}  // namespace tnn::detail
