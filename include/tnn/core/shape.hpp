#pragma once
// The shape of ONE sample, channels first: Shape<96, 54, 54>, Shape<6400>. The batch is a run-time
// number and never part of a type. Also the list of types that the folds over layers pass around.
#include <tnn/core/requirements.hpp>

#include <cstdint>
#include <initializer_list>
#include <type_traits>
#include <utility>

namespace tnn {

template <int... Extents>
struct Shape {
  static constexpr int rank = sizeof...(Extents);
  static constexpr std::int64_t size = (std::int64_t{1} * ... * Extents);
  /// Extent i, counted from 0; 0 past the end.
  static constexpr int extent(int i) {
    int found = 0, at = 0;
    ((found = at++ == i ? Extents : found), ...);
    return found;
  }
};

namespace detail {

template <class T>
inline constexpr bool is_shape = false;
template <int... Extents>
inline constexpr bool is_shape<Shape<Extents...>> = true;

/// Whether each extent is at least 1.
template <class S>
inline constexpr bool is_positive = false;
template <int... Extents>
inline constexpr bool is_positive<Shape<Extents...>> = ((Extents >= 1) && ...);

/// Whether a positive shape has fewer than 2^31 values, asked before `size` could overflow.
template <class S>
inline constexpr bool fits_31_bits = false;
template <int... Extents>
inline constexpr bool fits_31_bits<Shape<Extents...>> = [] {
  constexpr std::int64_t limit = std::int64_t{1} << 31;
  std::int64_t size = 1;
  ((size = size < limit ? size * Extents : limit), ...);
  return size < limit;
}();

/// The three extents of an image-shaped sample, for rules and kernels.
template <class X>
struct image;
template <int C, int H, int W>
struct image<Shape<C, H, W>> {
  static constexpr int channels = C, height = H, width = W;
};

template <class... Ts>
struct list {
  static constexpr int size = sizeof...(Ts);
};

template <class... A, class... B>
constexpr list<A..., B...> operator+(list<A...>, list<B...>) {
  return {};
}

/// A sum without a fold: compilers limit how deep a fold may nest (Clang: 256).
constexpr std::int64_t total(std::initializer_list<std::int64_t> terms) {
  std::int64_t sum = 0;
  for (const std::int64_t term : terms) sum += term;
  return sum;
}

/// Whether one is true, likewise.
constexpr bool any(std::initializer_list<bool> of) {
  for (const bool one : of)
    if (one) return true;
  return false;
}

// A list whose elements are found by number at once, not one after the other.
template <int I, class T>
struct nth_element {
  using type = T;
};
template <class List, class Numbers>
struct nth_elements;
template <class... Ts, int... I>
struct nth_elements<list<Ts...>, std::integer_sequence<int, I...>> : nth_element<I, Ts>... {};
template <int I, class T>
nth_element<I, T> nth_of(const nth_element<I, T>*);

/// Element I of a list, from 0.
template <int I, class List>
using nth_t = typename decltype(nth_of<I>(
    static_cast<nth_elements<List, std::make_integer_sequence<int, List::size>>*>(nullptr)))::type;

}  // namespace detail

}  // namespace tnn
