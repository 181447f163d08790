#pragma once
// The refusal as a sentence, for compilers whose static_assert takes one (C++26, P2741):
//   layer<13>, Linear<4096>, got<256, 5, 5>: put Flatten before it
#include <cstddef>
#include <string_view>

namespace tnn {

template <class Where, class Layer, class Got, class Fix>
struct shape_error;

namespace detail {

struct sentence_text {
  char text[4096] = {};
  std::size_t length = 0;
  constexpr void add(std::string_view s, bool words = false) {
    for (std::size_t i = 0; i < s.size() && length < sizeof text; ++i) {
      if (s.substr(i, 5) == "tnn::") {
        i += 4;
      } else if (s.substr(i, 5) == "fix::") {
        i += 4;
      } else {
        text[length++] = words && s[i] == '_' ? ' ' : s[i];
      }
    }
  }
  constexpr const char* data() const { return text; }
  constexpr std::size_t size() const { return length; }
};

template <class T>
constexpr std::string_view written_type() {
  const std::string_view all = __PRETTY_FUNCTION__;
  const std::size_t first = all.find("T = ") + 4;
  const std::size_t last = all.find_first_of(";]", first);
  return all.substr(first, last - first);
}

template <class Error>
struct sentence_of;
template <class Where, class Layer, class Got, class Fix>
struct sentence_of<shape_error<Where, Layer, Got, Fix>> {
  static constexpr sentence_text make() {
    sentence_text s;
    s.add("shape_error: ");
    s.add(written_type<Where>());
    s.add(", ");
    s.add(written_type<Layer>());
    s.add(", ");
    s.add(written_type<Got>());
    s.add(": ");
    s.add(written_type<Fix>(), true);
    return s;
  }
};

template <class Error>
constexpr sentence_text sentence() {
  return sentence_of<Error>::make();
}

}  // namespace detail
}  // namespace tnn
