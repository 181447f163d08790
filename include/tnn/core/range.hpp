#pragma once
// The name of a step's pass, for the profilers of a backend that has a Range.
#include <string>

#include <tnn/core/backend.hpp>
#include <tnn/core/steps.hpp>
#include <tnn/core/type_name.hpp>

namespace tnn::detail {

/// The layers of a step, after the name of the first: "features.0 Conv2d<96, Kernel<11>>, ReLU".
template <class Net, class S>
std::string step_text() {
  constexpr path_levels at = nth_t<S::first, layers_t<Net>>::at::levels;
  name_sink length;
  put_path(length, at);
  std::string s(length.length, '\0');
  name_sink name{s.data()};
  put_path(name, at);
  s.back() = ' ';  // a path ends with a point
  const auto put = [&]<class... Bounds>(list<Bounds...>) {
    bool first = true;
    ((s.append(first ? "" : ", ").append(type_name<typename Bounds::layer>()), first = false), ...);
  };
  put(typename S::bounds{});
  return s;
}

enum class direction { forward, backward };

/// step_text and the direction; made once, and there as long as the program is.
template <class Net, class S, direction D>
const char* pass_name() {
  static const std::string name =
      step_text<Net, S>() + (D == direction::forward ? " forward" : " backward");
  return name.c_str();
}

/// f(), in a range of the backend's that is named after the step.
template <class Net, class S, direction D, class B, class F>
constexpr void in_range(B& backend, F f) {
  if constexpr (has_range<B>) {
    const typename B::Range range(backend, pass_name<Net, S, D>());
    f();
  } else {
    (void)backend;
    f();
  }
}

}  // namespace tnn::detail
