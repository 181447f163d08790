#pragma once
// AdaptiveAvgPool2d<H, W>: torch.nn.AdaptiveAvgPool2d. Any input becomes H x W.
//   y[c,i,j] = mean of x[c, a..b, e..f], rows a = floor(i*IH/H) to b = ceil((i+1)*IH/H), exclusive,
// columns likewise. Neighbouring windows may overlap.
#include <tnn/core/layer.hpp>

namespace tnn {

namespace fix {
struct make_the_output_at_least_1;
}

template <int H, int W = H>
struct AdaptiveAvgPool2d : layer_base {
  static constexpr int height = H, width = W;

  template <class X>
  static constexpr auto rule() {
    if constexpr (X::rank != 3) {
      return refuses<fix::give_it_channels_height_width>{};
    } else if constexpr (H < 1 || W < 1) {
      return refuses<fix::make_the_output_at_least_1>{};
    } else {
      return accepts<Shape<X::extent(0), H, W>>{};
    }
  }
};

}  // namespace tnn
