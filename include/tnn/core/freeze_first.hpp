#pragma once
// FreezeFirst<Net, N>: the network Net with its first N layers Frozen. Names stay as they are:
//   using Tuned = FreezeFirst<AlexNet<3>, 20>;   // all but the last Linear, 20.weight and 20.bias
#include <tnn/core/sequential.hpp>

namespace tnn {

namespace detail {

/// Layers are counted as they are written in Net: a Named or a nested Sequential is one.
template <int N, class First, class Rest>
struct freeze_first;
template <class... First, class... Rest>
struct freeze_first<0, list<First...>, list<Rest...>> {
  using type = list<Frozen<Unnamed<Sequential<First...>>>, Rest...>;
};
template <int N, class... First, class L, class... Rest>
requires(N > 0) struct freeze_first<N, list<First...>, list<L, Rest...>>
    : freeze_first<N - 1, list<First..., L>, list<Rest...>> {
};

template <class Net, int N>
struct frozen_network;
template <int... E, class... Layers, int N>
struct frozen_network<Sequential<Input<E...>, Layers...>, N> {
  static_assert(N >= 1 && N < int{sizeof...(Layers)},
                "FreezeFirst<Net, N>: N must be at least 1 and leave a layer to train");
  template <class... L>
  static Sequential<Input<E...>, L...> of(list<L...>);
  using type = decltype(of(typename freeze_first<N, list<>, list<Layers...>>::type{}));
};

}  // namespace detail

template <class Net, int N>
using FreezeFirst = typename detail::frozen_network<Net, N>::type;

}  // namespace tnn
