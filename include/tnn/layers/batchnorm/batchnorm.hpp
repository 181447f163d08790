#pragma once
// BatchNorm1d<Eps<E>, Momentum<M>>, BatchNorm2d<...>: torch.nn.BatchNorm1d and BatchNorm2d.
//   y = w (x - mean) / sqrt(var + eps) + b, by channels
// In training mean and var (divided by the number of values n) are the batch's, and
//   running_mean += m (mean - running_mean),  running_var += m (var n/(n-1) - running_var);
// inference takes the running ones. Defaults are PyTorch's: eps 1e-5, momentum 1/10.
#include <ratio>

#include <tnn/core/layer.hpp>

namespace tnn {

namespace detail {
/// What its options are about.
struct batchnorm {
  struct eps;
  struct momentum;
};
}  // namespace detail

template <class Ratio>
struct Eps : detail::ratio_option<detail::batchnorm::eps, Ratio> {};
/// The share of the batch in the running statistics.
template <class Ratio>
struct Momentum : detail::ratio_option<detail::batchnorm::momentum, Ratio> {};

namespace fix {
struct give_it_features_or_channels_and_length;
struct give_Eps_and_Momentum_a_std_ratio;
struct make_Eps_positive;
struct make_the_Momentum_between_0_and_1;
}  // namespace fix

namespace detail {

/// Rank: of what BatchNorm2d takes; BatchNorm1d takes less.
template <int Rank, class... Options>
struct batchnorm_of : layer_base {
  using about = batchnorm;
  using eps = typename option_t<about::eps, Eps<std::ratio<1, 100000>>, Options...>::ratio;
  using momentum =
      typename option_t<about::momentum, Momentum<std::ratio<1, 10>>, Options...>::ratio;

  template <class X>
  static constexpr auto rule() {
    using options = decltype(options_rule<about::eps, about::momentum>(given<Options...>{}));
    if constexpr (options::refused) {
      return options{};
    } else if constexpr (Rank == 3 && X::rank != 3) {
      return refuses<fix::give_it_channels_height_width>{};
    } else if constexpr (Rank != 3 && X::rank != 1 && X::rank != 2) {
      return refuses<fix::give_it_features_or_channels_and_length>{};
    } else if constexpr (!Ratio<eps> || !Ratio<momentum>) {
      return refuses<fix::give_Eps_and_Momentum_a_std_ratio>{};
    } else if constexpr (eps::num <= 0) {
      return refuses<fix::make_Eps_positive>{};
    } else if constexpr (momentum::num < 0 || momentum::num > momentum::den) {
      return refuses<fix::make_the_Momentum_between_0_and_1>{};
    } else {
      return accepts<X>{};
    }
  }

  /// Of a training pass: the variance of one value a channel says nothing, and its unbiased form
  /// divides by 0.
  template <class X>
  static constexpr int least_samples = X::size == X::extent(0) ? 2 : 1;

  template <class X>
  using of_channels = Shape<X::extent(0)>;
  template <class X>
  using tensors =
      tensor_list<parameter<tensor_name::weight, of_channels<X>, starts_at<1>, no_decay>,
                  parameter<tensor_name::bias, of_channels<X>, starts_at<0>, no_decay>,
                  buffer<tensor_name::running_mean, of_channels<X>, starts_at<0>>,
                  buffer<tensor_name::running_var, of_channels<X>, starts_at<1>>,
                  counter<tensor_name::num_batches_tracked>>;
};

}  // namespace detail

template <class... Options>
struct BatchNorm1d : detail::batchnorm_of<1, Options...> {};

template <class... Options>
struct BatchNorm2d : detail::batchnorm_of<3, Options...> {};

}  // namespace tnn
