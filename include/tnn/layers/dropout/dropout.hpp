#pragma once
// Dropout<Percent<50>>: torch.nn.Dropout. While training each value is zeroed with that
// probability and the others are multiplied by 1 / (1 - p); in inference it does nothing.
// The mask is a function of (seed, step, layer, sample, C,H,W index): core/philox.hpp. Nothing of
// it is stored: backward draws it again.
#include <cstdint>
#include <ratio>

#include <tnn/core/layer.hpp>

namespace tnn {

namespace fix {
struct give_it_a_Percent_or_a_std_ratio;
struct make_the_rate_at_least_0_and_below_1;
}  // namespace fix

/// P hundredths. Real-valued options are integers, Percent or std::ratio.
template <int P>
struct Percent {
  static constexpr std::intmax_t num = P, den = 100;
};

template <class Rate>
struct Dropout : layer_base {
  template <class X>
  static constexpr auto rule() {
    if constexpr (!Ratio<Rate>) {
      return refuses<fix::give_it_a_Percent_or_a_std_ratio>{};
    } else if constexpr (Rate::num < 0 || Rate::num >= Rate::den) {
      return refuses<fix::make_the_rate_at_least_0_and_below_1>{};
    } else {
      return accepts<X>{};
    }
  }
};

}  // namespace tnn
