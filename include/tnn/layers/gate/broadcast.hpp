#pragma once
// Which value of a gate of shape G goes with which of x of shape X: an extent of 1 in G stands for
// all of X's. Indices are row-major, of one sample.
#include <cstdint>
#include <utility>

#include <tnn/core/host_device.hpp>
#include <tnn/core/shape.hpp>

namespace tnn::detail {

/// The product of the extents behind extent D.
template <int D, int... Extents>
constexpr std::int64_t extents_behind() {
  std::int64_t product = 1;
  int at = 0;
  ((product *= at++ > D ? Extents : 1), ...);
  return product;
}

template <class G, class X>
struct broadcast;
template <int... G, int... X>
struct broadcast<Shape<G...>, Shape<X...>> {
  /// How many of x's values a gate's value goes with.
  static constexpr std::int64_t reach = Shape<X...>::size / Shape<G...>::size;

  /// The gate's value for x's value i.
  TNN_HOST_DEVICE static constexpr std::int64_t gate_of(std::int64_t i) {
    return gate_of(i, std::make_integer_sequence<int, Shape<X...>::rank>{});
  }
  /// Number r, of 0 to reach - 1, of x's values that go with the gate's value g.
  TNN_HOST_DEVICE static constexpr std::int64_t x_of(std::int64_t g, std::int64_t r) {
    return x_of(g, r, std::make_integer_sequence<int, Shape<X...>::rank>{});
  }

 private:
  template <int... D>
  TNN_HOST_DEVICE static constexpr std::int64_t gate_of(std::int64_t i,
                                                        std::integer_sequence<int, D...>) {
    return (std::int64_t{0} + ... +
            (G == 1 ? 0 : i / extents_behind<D, X...>() % X * extents_behind<D, G...>()));
  }
  template <int... D>
  TNN_HOST_DEVICE static constexpr std::int64_t x_of(std::int64_t g, std::int64_t r,
                                                     std::integer_sequence<int, D...>) {
    return (std::int64_t{0} + ... +
            ((G == 1 ? r / extents_behind<D, (G == 1 ? X : 1)...>() % X
                     : g / extents_behind<D, G...>() % G) *
             extents_behind<D, X...>()));
  }
};

}  // namespace tnn::detail
