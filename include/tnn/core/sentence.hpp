#pragma once
// A refusal as a sentence, for compilers whose static_assert takes a computed text (C++26, P2741):
//   layer 13, Linear<4096>, got 256x5x5: put Flatten before it
#include <initializer_list>

#include <tnn/core/type_name.hpp>

namespace tnn {

template <int... Number>
struct layer;
template <int... Extents>
struct got;
template <class Where, class Layer, class Got, class Fix>
struct shape_error;

namespace detail {

constexpr void put_joined(text& s, const char* between, std::initializer_list<int> numbers) {
  bool first = true;
  for (const int n : numbers) {
    s.put(first ? "" : between);
    s.put(n);
    first = false;
  }
}

/// Where: a place among the layers; else the Input, or the shape that was asked about.
template <class Where, class Layer>
struct put_place {
  static constexpr void to(text& s) {
    s.put(type_name<Where>());
    s.put(", ");
  }
};
template <class Where>
struct put_place<Where, Where> {
  static constexpr void to(text&) {}
};
template <int... Number, class Layer>
struct put_place<layer<Number...>, Layer> {
  static constexpr void to(text& s) {
    s.put("layer ");
    put_joined(s, ".", {Number...});
    s.put(", ");
  }
};

/// fix::set_In_to<4> in words: set In to 4.
constexpr void put_words(text& s, std::string_view fix) {
  if (fix.starts_with("fix::")) fix.remove_prefix(5);
  const std::size_t argument = fix.find('<');
  for (std::size_t i = 0; i < fix.size(); ++i) {
    const bool blank = (fix[i] == '_' && i < argument) || i == argument;
    if (argument == std::string_view::npos || i + 1 < fix.size()) s.put(blank ? ' ' : fix[i]);
  }
}

template <class Error>
struct sentence_of;
template <class Where, class Layer, int... Extents, class Fix>
struct sentence_of<shape_error<Where, Layer, got<Extents...>, Fix>> {
  static constexpr text make() {
    text s;
    put_place<Where, Layer>::to(s);
    s.put(type_name<Layer>());
    if constexpr (sizeof...(Extents) > 0) {
      s.put(", got ");
      put_joined(s, "x", {Extents...});
    }
    s.put(": ");
    put_words(s, type_name<Fix>());
    return s;
  }
};

template <class Error>
inline constexpr text sentence = sentence_of<Error>::make();

}  // namespace detail
}  // namespace tnn
