#pragma once
// The Recording of a backend that has one, else one that calls the function each time: for Model
// and Training, which do the same things over and over.
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
