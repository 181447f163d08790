#pragma once
// A type's name as people write it: Conv2d<96, Kernel<11>>, whatever the compiler makes of it. In a
// buffer of its own: not every std::string works while compiling.
#include <cstddef>
#include <string_view>

namespace tnn::detail {

/// Text put together while compiling; what goes past its end is left out.
struct text {
  char characters[4096] = {};
  std::size_t length = 0;
  constexpr void put(char c) {
    if (length < sizeof characters) characters[length++] = c;
  }
  constexpr void put(std::string_view s) {
    for (const char c : s) put(c);
  }
  constexpr void put(int n) {
    if (n < 0) put('-');
    if (n <= -10 || n >= 10) put(n < 0 ? -(n / 10) : n / 10);
    put(static_cast<char>('0' + (n < 0 ? -(n % 10) : n % 10)));
  }
  constexpr const char* data() const { return characters; }
  constexpr std::size_t size() const { return length; }
  constexpr operator std::string_view() const { return {characters, length}; }  // NOLINT
};

/// The name of a type as the compiler writes it.
template <class T>
constexpr std::string_view raw_type_name() {
#if defined(__clang__)
  constexpr std::string_view before = "T = ", after = "]";
#else
  constexpr std::string_view before = "with T = ", after = "; std::string_view";
#endif
  const std::string_view all = __PRETTY_FUNCTION__;
  const std::size_t first = all.find(before) + before.size();
  return all.substr(first, all.rfind(after) - first);
}

template <class T>
constexpr text type_name() {
  text name;
  for (std::string_view s = raw_type_name<T>(); !s.empty();) {
    if (s.starts_with("tnn::")) {
      s.remove_prefix(5);
      continue;
    }
    // GCC writes Kernel<11, 11> for Kernel<11>.
    std::size_t same = 0, other = 0;
    for (const std::string_view square :
         {"Kernel<", "Stride<", "Padding<", "Dilation<", "AdaptiveAvgPool2d<"})
      if (s.starts_with(square)) {
        const std::size_t at = square.size(), comma = s.find(", "), end = s.find('>');
        if (comma < end && s.substr(at, comma - at) == s.substr(comma + 2, end - comma - 2)) {
          same = comma;
          other = end;
        }
      }
    if (same > 0) {
      name.put(s.substr(0, same));
      s.remove_prefix(other);
      continue;
    }
    name.put(s[0]);
    s.remove_prefix(s.starts_with("> >") ? 2 : 1);
  }
  return name;
}

}  // namespace tnn::detail
