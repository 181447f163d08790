#pragma once
// LocalResponseNorm<Size<N>, Alpha<...>, Beta<...>, K<...>>: torch.nn.LocalResponseNorm.
//   y[c] = x[c] / (k + alpha/n * sum of x[d]^2)^beta,  d from c - n/2 to c + (n-1)/2, zero outside
// Alpha is divided by n as in PyTorch, Caffe and ONNX; the 2012 paper's 1e-4 is 5e-4 here. Defaults
// are PyTorch's: alpha 1e-4, beta 3/4, k 1. Alpha, Beta and K are std::ratio.
#include <ratio>

#include <tnn/core/layer.hpp>

namespace tnn {

namespace detail {
/// What its options are about.
struct local_response {
  struct size;
  struct alpha;
  struct beta;
  struct k;
};
}  // namespace detail

template <int N>
struct Size {
  using is = detail::local_response::size;
  static constexpr int value = N;
};
template <class Ratio>
struct Alpha : detail::ratio_option<detail::local_response::alpha, Ratio> {};
template <class Ratio>
struct Beta : detail::ratio_option<detail::local_response::beta, Ratio> {};
template <class Ratio>
struct K : detail::ratio_option<detail::local_response::k, Ratio> {};

namespace fix {
struct add_a_Size;
struct make_the_Size_at_least_1;
struct give_Alpha_Beta_and_K_a_std_ratio;
struct make_Alpha_and_Beta_0_or_more;
struct make_K_positive;
}  // namespace fix

template <class... Options>
struct LocalResponseNorm : layer_base {
  using about = detail::local_response;
  using size = option_t<about::size, inferred, Options...>;
  using alpha = typename option_t<about::alpha, Alpha<std::ratio<1, 10000>>, Options...>::ratio;
  using beta = typename option_t<about::beta, Beta<std::ratio<3, 4>>, Options...>::ratio;
  using k = typename option_t<about::k, K<std::ratio<1>>, Options...>::ratio;

  template <class X>
  static constexpr auto rule() {
    using options = decltype(options_rule<about::size, about::alpha, about::beta, about::k>(
        given<Options...>{}));
    if constexpr (options::refused) {
      return options{};
    } else if constexpr (X::rank != 3) {
      return refuses<fix::give_it_channels_height_width>{};
    } else if constexpr (std::is_same_v<size, inferred>) {
      return refuses<fix::add_a_Size>{};
    } else if constexpr (size::value < 1) {
      return refuses<fix::make_the_Size_at_least_1>{};
    } else if constexpr (!Ratio<alpha> || !Ratio<beta> || !Ratio<k>) {
      return refuses<fix::give_Alpha_Beta_and_K_a_std_ratio>{};
    } else if constexpr (alpha::num < 0 || beta::num < 0) {
      return refuses<fix::make_Alpha_and_Beta_0_or_more>{};
    } else if constexpr (k::num <= 0) {
      return refuses<fix::make_K_positive>{};
    } else {
      return accepts<X>{};
    }
  }
};

}  // namespace tnn
