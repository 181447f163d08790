#pragma once
// How few samples a training pass may have: 1, unless a layer says otherwise (BatchNorm, of which a
// single value a channel has no variance).
#include <cstdint>
#include <string>

#include <tnn/core/error.hpp>
#include <tnn/core/facts.hpp>
#include <tnn/core/integers.hpp>
#include <tnn/core/type_name.hpp>

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

/// The name of a layer that asks for more than 1, as a function; nullptr of the others.
template <class Bound>
constexpr auto name_of_asking() -> text (*)() {
  if constexpr (least_of<Bound>() > 1) {
    return type_name<typename Bound::layer>;
  } else {
    return nullptr;
  }
}
/// The name of the first layer that asks for so many.
template <class... Placed>
std::string name_of_asking(list<Placed...>, int least) {
  constexpr int asked[] = {(Placed::is_frozen ? 1 : least_of<typename Placed::type>())...};
  constexpr text (*names[])() = {name_of_asking<typename Placed::type>()...};
  std::size_t i = 0;
  while (asked[i] != least) ++i;
  return std::string(names[i]());
}

/// tnn::error where a batch, cut into micro-batches, leaves fewer samples in the last.
template <class Net>
constexpr void require_samples(std::int64_t batch, int micro) {
  constexpr int least = least_samples(layers_t<Net>{});
  const std::int64_t whole = detail::least(batch, micro);
  const std::int64_t last = batch % whole == 0 ? whole : batch % whole;
  if (last < least)
    throw error(
        "a step of " + std::to_string(batch) + " samples works on " + std::to_string(last) +
        " of them at last, but " + name_of_asking(layers_t<Net>{}, least) + " in training needs " +
        std::to_string(least) +
        " or more: train with batches (and micro-batches) that leave more, or without an epoch's "
        "smaller last batch (TrainerOptions::drop_last)");
}

}  // namespace tnn::detail
