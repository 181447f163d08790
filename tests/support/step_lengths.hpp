#pragma once
// How many layers each step of a network has on a backend: what the backend does together.
#include <array>

#include <tnn/core/steps.hpp>

template <class Net, class B, tnn::mode M>
constexpr auto step_lengths() {
  return []<class... S>(tnn::detail::list<S...>) {
    return std::array{S::layers...};
  }(typename tnn::detail::steps<Net, B, float, M>::list_of_all{});
}
