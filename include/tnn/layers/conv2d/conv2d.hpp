#pragma once
// Conv2d<F, Kernel<K>, Stride<S>, Padding<P>, Dilation<D>, Groups<G>, In<C>, NoBias>:
// torch.nn.Conv2d.
//   y[f,i,j] = b[f] + sum over c,u,v of w[f,c,u,v] * x[g(f)*C/G + c, i*S+u*D-P, j*S+v*D-P]
// with x zero outside, g(f) = f / (F/G), c < C/G. Options in any order; Stride 1, Padding 0,
// Dilation 1 and Groups 1 by default; Kernel<3, 5> is 3 high and 5 wide. In<C> is checked against
// what arrives.
#include <tnn/core/layer.hpp>

namespace tnn {

namespace fix {
struct make_the_filters_at_least_1;
struct make_the_Groups_at_least_1;
struct make_the_Groups_divide_the_input_channels;
struct make_the_Groups_divide_the_filters;
}  // namespace fix

template <int Filters, class... Options>
struct Conv2d : layer_base {
  static constexpr layer_kind kind = layer_kind::conv2d;
  static constexpr int filters = Filters;
  using kernel = option_t<option::kernel, inferred, Options...>;
  using stride = option_t<option::stride, Stride<1>, Options...>;
  using padding = option_t<option::padding, Padding<0>, Options...>;
  using dilation = option_t<option::dilation, Dilation<1>, Options...>;
  static constexpr int groups = option_t<option::groups, Groups<1>, Options...>::value;
  using in = option_t<option::in, inferred, Options...>;
  static constexpr bool has_bias = detail::times_given<option::bias, Options...> == 0;

  template <class X>
  static constexpr auto rule() {
    using window = decltype(window_refusal<X, kernel, stride, padding, dilation>());
    using options =
        decltype(options_rule<option::kernel, option::stride, option::padding, option::dilation,
                              option::groups, option::in, option::bias>(given<Options...>{}));
    if constexpr (options::refused) {
      return options{};
    } else if constexpr (window::refused) {
      return window{};
    } else if constexpr (Filters < 1) {
      return refuses<fix::make_the_filters_at_least_1>{};
    } else if constexpr (groups < 1) {
      return refuses<fix::make_the_Groups_at_least_1>{};
    } else if constexpr (!std::is_same_v<in, inferred> && !std::is_same_v<in, In<X::extent(0)>>) {
      return refuses<fix::set_In_to<X::extent(0)>>{};
    } else if constexpr (X::extent(0) % groups != 0) {
      return refuses<fix::make_the_Groups_divide_the_input_channels>{};
    } else if constexpr (Filters % groups != 0) {
      return refuses<fix::make_the_Groups_divide_the_filters>{};
    } else {
      return accepts<window_shape<Filters, X, kernel, stride, padding, dilation>>{};
    }
  }

  template <class X>
  using weight = Shape<Filters, X::extent(0) / groups, kernel::height, kernel::width>;
  template <class X>
  using tensors = detail::weight_and_bias<weight<X>, Filters, has_bias>;

  template <class X>
  static constexpr std::int64_t multiply_adds =
      weight<X>::size* window_shape<1, X, kernel, stride, padding, dilation>::size;
};

}  // namespace tnn
