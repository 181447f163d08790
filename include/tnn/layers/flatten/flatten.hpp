#pragma once
// Flatten: torch.nn.Flatten. Shape<C, H, W> becomes Shape<C*H*W>, in that order; no work is done.
#include <tnn/core/layer.hpp>

namespace tnn {

struct Flatten : layer_base {
  template <class X>
  static constexpr auto rule() {
    return accepts<Shape<static_cast<int>(X::size)>>{};
  }
};

}  // namespace tnn
