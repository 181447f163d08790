#pragma once
// LeakyReLU<Slope>: torch.nn.LeakyReLU. y = x where x > 0, else slope x; dx = dy or slope dy. The
// slope is a std::ratio, 1/100 unless it is given.
#include <ratio>

#include <tnn/core/layer.hpp>

namespace tnn {

namespace fix {
struct give_the_slope_as_a_std_ratio;
}

template <class Slope = std::ratio<1, 100>>
struct LeakyReLU : layer_base {
  template <class X>
  static constexpr auto rule() {
    if constexpr (!Ratio<Slope>) {
      return refuses<fix::give_the_slope_as_a_std_ratio>{};
    } else {
      return accepts<X>{};
    }
  }
};

}  // namespace tnn
