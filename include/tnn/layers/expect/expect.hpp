#pragma once
// Expect<Shape<96, 54, 54>>: only checks that this shape arrives here. It does no work, takes no
// number and leaves no trace in the program; its refusal names the layer before it.
#include <tnn/core/layer.hpp>

namespace tnn {

namespace fix {
struct change_this_layer_or_the_Expect_after_it;
}

template <class S>
struct Expect : layer_base {
  static constexpr bool only_checks = true;
  template <class X>
  static constexpr auto rule() {
    if constexpr (std::is_same_v<S, X>) {
      return accepts<X>{};
    } else {
      return refuses<fix::change_this_layer_or_the_Expect_after_it>{};
    }
  }
};

}  // namespace tnn
