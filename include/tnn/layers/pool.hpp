#pragma once
// The rule that MaxPool2d and AvgPool2d share. As in PyTorch the Stride is the Kernel's size
// unless given, and the Padding is at most half of the Kernel.
#include <tnn/core/layer.hpp>

namespace tnn::detail {

template <class K>
struct stride_of_kernel {
  using type = Stride<1>;
};
template <int H, int W>
struct stride_of_kernel<Kernel<H, W>> {
  using type = Stride<H, W>;
};

template <class... Options>
struct pool : layer_base {
  using kernel = option_t<option::kernel, inferred, Options...>;
  using stride = option_t<option::stride, typename stride_of_kernel<kernel>::type, Options...>;
  using padding = option_t<option::padding, Padding<0>, Options...>;
  using dilation = Dilation<1>;

  template <class X>
  static constexpr auto rule() {
    using window = decltype(window_refusal<X, kernel, stride, padding>());
    using options = decltype(options_rule<option::kernel, option::stride, option::padding>(
        given<Options...>{}));
    if constexpr (options::refused) {
      return options{};
    } else if constexpr (window::refused) {
      return window{};
    } else if constexpr (padding::height > kernel::height / 2 ||
                         padding::width > kernel::width / 2) {
      return refuses<fix::make_the_Padding_at_most_half_the_Kernel>{};
    } else {
      return accepts<window_shape<X::extent(0), X, kernel, stride, padding>>{};
    }
  }
};

}  // namespace tnn::detail
