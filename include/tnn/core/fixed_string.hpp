#pragma once
// A string that can be a template argument: Named<"features", ...>.
#include <cstddef>

namespace tnn {

template <std::size_t N>
struct fixed_string {
  char text[N] = {};
  constexpr fixed_string(const char (&from)[N]) {  // NOLINT: implicit, for Named<"features", ...>
    for (std::size_t i = 0; i < N; ++i) text[i] = from[i];
  }
  static constexpr std::size_t size = N - 1;
};

}  // namespace tnn
