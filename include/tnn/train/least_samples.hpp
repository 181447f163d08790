#pragma once
// How few samples a training pass may have: 1, unless a layer says otherwise (BatchNorm, of which a
// single value a channel has no variance).
#include <cstdint>
#include <string>

#include <tnn/core/error.hpp>
#include <tnn/core/facts.hpp>

namespace tnn::detail {

template <class Bound>
constexpr int least_of() {
  using L = typename Bound::layer;
  using X = typename Bound::input;
  if constexpr (requires { L::template least_samples<X>; }) {
    return L::template least_samples<X>;
  } else {
    return 1;
  }
}
template <class... Placed>
constexpr int least_samples(list<Placed...>) {
  int most = 1;
  for (const int least : {1, (Placed::is_frozen ? 1 : least_of<typename Placed::type>())...})
    most = least > most ? least : most;
  return most;
}

/// tnn::error where a batch, cut into micro-batches, leaves fewer samples in the last.
template <class Net>
constexpr void require_samples(std::int64_t batch, int micro) {
  constexpr int least = least_samples(layers_t<Net>{});
  const std::int64_t whole = batch < micro ? batch : micro;
  const std::int64_t last = batch % whole == 0 ? whole : batch % whole;
  if (last < least)
    throw error(
        "a step of " + std::to_string(batch) + " samples works on " + std::to_string(last) +
        " of them at last, but BatchNorm in training needs " + std::to_string(least) +
        ", since one value a channel has no variance: train with batches (and micro-batches) that "
        "leave more, or without an epoch's smaller last batch (TrainerOptions::drop_last)");
}

}  // namespace tnn::detail
