#pragma once
// Linear<Out, In<N>, NoBias>: torch.nn.Linear.  y[o] = b[o] + sum over i of w[o,i] * x[i]
// It takes a flat sample: put a Flatten before it. In<N> is optional and checked.
#include <tnn/core/layer.hpp>

namespace tnn {

namespace fix {
struct put_Flatten_before_it;
struct make_the_outputs_at_least_1;
}  // namespace fix

template <int Out, class... Options>
struct Linear : layer_base {
  static constexpr layer_kind kind = layer_kind::linear;
  static constexpr int outputs = Out;
  using in = option_t<option::in, inferred, Options...>;
  static constexpr bool has_bias = detail::times_given<option::bias, Options...> == 0;

  template <class X>
  static constexpr auto rule() {
    using options = decltype(options_rule<option::in, option::bias>(given<Options...>{}));
    if constexpr (options::refused) {
      return options{};
    } else if constexpr (X::rank != 1) {
      return refuses<fix::put_Flatten_before_it>{};
    } else if constexpr (Out < 1) {
      return refuses<fix::make_the_outputs_at_least_1>{};
    } else if constexpr (!std::is_same_v<in, inferred> && !std::is_same_v<in, In<X::extent(0)>>) {
      return refuses<fix::set_In_to<X::extent(0)>>{};
    } else {
      return accepts<Shape<Out>>{};
    }
  }

  template <class X>
  using tensors = detail::weight_and_bias<Shape<Out, X::extent(0)>, Out, has_bias>;
  template <class X>
  static constexpr std::int64_t multiply_adds = std::int64_t{Out} * X::extent(0);
};

}  // namespace tnn
