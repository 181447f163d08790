#pragma once
// What Model and Training use to have a backend do again what it did before: its Recording, or,
// where it has none, the same calls anew.
#include <tnn/core/backend.hpp>

namespace tnn {
namespace detail {

struct no_recording {
  template <class B, class F>
  constexpr void run(B&, int, F f) {
    f();
  }
};

template <class B>
struct recording_type {
  using type = no_recording;
};
template <has_recording B>
struct recording_type<B> {
  using type = typename B::Recording;
};

}  // namespace detail

template <class B>
using recording_of = typename detail::recording_type<B>::type;

}  // namespace tnn
