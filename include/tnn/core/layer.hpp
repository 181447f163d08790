#pragma once
// What a layer is: an empty type that answers, for an input shape X,
//   rule<X>()            accepts<Shape<...>> or refuses<fix::...>; it never asserts
//   tensors<X>           tensor_list<parameter<TAG, Shape<...>>, ...>, see core/tensor.hpp
//   multiply_adds<X>     of one sample's forward pass
// and the options that layers share: Kernel, Stride, Padding, Dilation, Groups, In, NoBias.
#include <climits>
#include <concepts>
#include <cstdint>

#include <tnn/core/explain.hpp>
#include <tnn/core/shape.hpp>
#include <tnn/core/tensor.hpp>

namespace tnn {

template <class Y>
struct accepts {
  static constexpr bool refused = false;
  using shape = Y;
};

template <class Fix>
struct refuses {
  static constexpr bool refused = true;
  using fix = Fix;
};

enum class layer_kind { other, conv2d, linear };

namespace detail {
/// What the library's options are about. One of a user's own names a type of its own as `is`.
struct option {
  struct kernel;
  struct stride;
  struct padding;
  struct dilation;
  struct groups;
  struct in;
  struct bias;
};
}  // namespace detail

/// Marks a type as a layer and supplies what a layer without tensors answers.
struct layer_base {
  using option = detail::option;
  template <class Tag, class S, class Start = starts_at<0>>
  using buffer = detail::buffer<Tag, S, Start>;
  template <class Tag>
  using counter = detail::counter<Tag>;
  static constexpr layer_kind kind = layer_kind::other;
  static constexpr int inputs = 1;  ///< values it reads: more where it joins branches
  template <class X>
  using tensors = tensor_list<>;
  template <class X>
  static constexpr std::int64_t multiply_adds = 0;
};

/// A layer that leaves the shape as it is.
struct elementwise : layer_base {
  template <class X>
  static constexpr auto rule() {
    return accepts<X>{};
  }
};

namespace detail {
template <class T>
concept defined = requires {
  sizeof(T);
};
}  // namespace detail

template <class T>
concept Layer = detail::defined<T> && std::derived_from<T, layer_base> && std::is_empty_v<T> &&
                !std::is_const_v<T> &&
                !std::is_volatile_v<T>;

/// A real number known while compiling: Percent, std::ratio.
template <class T>
concept Ratio = requires {
  typename std::integral_constant<std::intmax_t, T::num>;
  typename std::integral_constant<std::intmax_t, T::den>;
  requires(T::den > 0);
};

/// Its value.
template <class R, class T>
inline constexpr T ratio_value = static_cast<T>(static_cast<double>(R::num) /
                                                static_cast<double>(R::den));

// --- options: types that name a number, given in any order -----------------------------------

template <int H, int W = H>
struct Kernel {
  using is = detail::option::kernel;
  static constexpr int height = H, width = W;
};
template <int H, int W = H>
struct Stride {
  using is = detail::option::stride;
  static constexpr int height = H, width = W;
};
template <int H, int W = H>
struct Padding {
  using is = detail::option::padding;
  static constexpr int height = H, width = W;
};
/// From one value that a window looks at to the next.
template <int H, int W = H>
struct Dilation {
  using is = detail::option::dilation;
  static constexpr int height = H, width = W;
};
template <int G>
struct Groups {
  using is = detail::option::groups;
  static constexpr int value = G;
};
/// What the layer is meant to receive: channels for Conv2d, features for Linear. Checked.
template <int N>
struct In {
  using is = detail::option::in;
  static constexpr int value = N;
};
/// The layer has no bias: bias=False in torch.
struct NoBias {
  using is = detail::option::bias;
};
namespace detail {
/// An option about Is that is a real number.
template <class Is, class Ratio>
struct ratio_option {
  using is = Is;
  using ratio = Ratio;
};
}  // namespace detail

/// No option was given: In is whatever arrives, and a Kernel is asked for.
struct inferred {
  static constexpr int height = 0, width = 0;
};

namespace detail {

/// What an option is about; void of what is none.
template <class T>
struct subject {
  using type = void;
};
template <class T>
requires requires { typename T::is; }
struct subject<T> {
  using type = typename T::is;
};
template <class T>
using subject_t = typename subject<T>::type;

template <class Is, class Default, class... Options>
struct find_option {
  using type = Default;
};
template <class Is, class Default, class First, class... Rest>
struct find_option<Is, Default, First, Rest...> : find_option<Is, Default, Rest...> {};
template <class Is, class Default, class First, class... Rest>
requires(std::is_same_v<Is, subject_t<First>>) struct find_option<Is, Default, First, Rest...> {
  using type = First;
};

template <class Is, class... Options>
inline constexpr int times_given = (0 + ... + std::is_same_v<Is, subject_t<Options>>);
template <class Option, class... Taken>
inline constexpr bool is_taken = (std::is_same_v<subject_t<Option>, Taken> || ...);

}  // namespace detail

/// The option about Is among Options, or Default.
template <class Is, class Default, class... Options>
using option_t = typename detail::find_option<Is, Default, Options...>::type;

namespace detail {
/// The tensors of Conv2d and Linear.
template <class Weight, int Outputs, bool HasBias>
using weight_and_bias =
    std::conditional_t<HasBias,
                       tensor_list<parameter<tensor_name::weight, Weight>,
                                   parameter<tensor_name::bias, Shape<Outputs>, starts_as_bias>>,
                       tensor_list<parameter<tensor_name::weight, Weight>>>;
}  // namespace detail

namespace fix {
struct remove_the_option_it_does_not_take;
struct give_each_option_once;
struct add_a_Kernel;
struct make_the_Kernel_at_least_1;
struct make_the_Stride_at_least_1;
struct make_the_Padding_0_or_more;
struct make_the_Dilation_at_least_1;
struct make_the_Padding_at_most_half_the_Kernel;
struct make_the_Kernel_fit_the_padded_input;
struct make_the_padded_input_smaller_than_2_to_the_31;
struct give_it_channels_height_width;
template <int N>
struct set_In_to;
}  // namespace fix

/// The options of a layer, for the rule below.
template <class... Options>
using given = detail::list<Options...>;

/// What every layer asks of its options first: refuses one that is about none of Taken, or one
/// given twice; else accepts<Shape<>>.
template <class... Taken, class... Options>
constexpr auto options_rule(given<Options...>) {
  if constexpr (!(detail::is_taken<Options, Taken...> && ...)) {
    return refuses<fix::remove_the_option_it_does_not_take>{};
  } else if constexpr (((detail::times_given<Taken, Options...> > 1) || ...)) {
    return refuses<fix::give_each_option_once>{};
  } else {
    return accepts<Shape<>>{};
  }
}

// --- the arithmetic of a sliding window, shared by Conv2d and the pools ------------------------

namespace detail {
/// Rows, or columns, from a window's first value to its last.
constexpr std::int64_t window_extent(int kernel, int dilation) {
  return (kernel - std::int64_t{1}) * dilation + 1;
}
}  // namespace detail

/// out = floor((in + 2 padding - dilation (kernel - 1) - 1) / stride) + 1, as torch.nn.Conv2d's.
constexpr int window_output(int in, int kernel, int stride, int padding, int dilation = 1) {
  return (in + 2 * padding - static_cast<int>(detail::window_extent(kernel, dilation))) / stride +
         1;
}
template <int Channels, class X, class K, class S, class P, class D = Dilation<1>>
using window_shape =
    Shape<Channels, window_output(X::extent(1), K::height, S::height, P::height, D::height),
          window_output(X::extent(2), K::width, S::width, P::width, D::width)>;

/// The rules every window has in common; accepts<X> where none is broken.
template <class X, class K, class S, class P, class D = Dilation<1>>
constexpr auto window_refusal() {
  if constexpr (X::rank != 3) {
    return refuses<fix::give_it_channels_height_width>{};
  } else if constexpr (std::is_same_v<K, inferred>) {
    return refuses<fix::add_a_Kernel>{};
  } else if constexpr (K::height < 1 || K::width < 1) {
    return refuses<fix::make_the_Kernel_at_least_1>{};
  } else if constexpr (S::height < 1 || S::width < 1) {
    return refuses<fix::make_the_Stride_at_least_1>{};
  } else if constexpr (P::height < 0 || P::width < 0) {
    return refuses<fix::make_the_Padding_0_or_more>{};
  } else if constexpr (D::height < 1 || D::width < 1) {
    return refuses<fix::make_the_Dilation_at_least_1>{};
  } else if constexpr (X::extent(1) > INT_MAX - std::int64_t{2} * P::height ||
                       X::extent(2) > INT_MAX - std::int64_t{2} * P::width) {
    return refuses<fix::make_the_padded_input_smaller_than_2_to_the_31>{};
  } else if constexpr (X::extent(1) + 2 * P::height < detail::window_extent(K::height, D::height) ||
                       X::extent(2) + 2 * P::width < detail::window_extent(K::width, D::width)) {
    return refuses<fix::make_the_Kernel_fit_the_padded_input>{};
  } else {
    return accepts<X>{};
  }
}

}  // namespace tnn
