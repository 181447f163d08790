#pragma once
// The tensors that a layer declares. For an input shape X it lists
//   parameter<Tag, Shape<...>, START, no_decay>   what training changes
//   buffer<Tag, Shape<...>, starts_at<...>>       saved, not trained: a running mean
//   counter<Tag>                                  an integer of the model's own
// A tag is a type that names the tensor as PyTorch does; math reaches it by its tag. Arenas, names,
// initial values, the optimizer, files and checkpoints follow from the list.
#include <cstdint>
#include <string_view>

#include <tnn/core/shape.hpp>

namespace tnn {

/// PyTorch's names. A layer of one's own may name others by types of its own.
namespace tensor_name {
struct weight {
  static constexpr std::string_view name = "weight";
};
struct bias {
  static constexpr std::string_view name = "bias";
};
struct running_mean {
  static constexpr std::string_view name = "running_mean";
};
struct running_var {
  static constexpr std::string_view name = "running_var";
};
struct num_batches_tracked {
  static constexpr std::string_view name = "num_batches_tracked";
};
}  // namespace tensor_name

// --- how a tensor begins: the first of a parameter's properties that says so ---------------------

enum class beginning { drawn, as_bias, constant };

/// From the model's initialisation, by the tensor's fan: what a parameter does unless it says
/// otherwise.
struct starts_drawn {
  static constexpr beginning how = beginning::drawn;
  static constexpr double value = 0;
};
/// As the model's initialisation says of biases.
struct starts_as_bias {
  static constexpr beginning how = beginning::as_bias;
  static constexpr double value = 0;
};
/// At N / D.
template <std::intmax_t N, std::intmax_t D = 1>
struct starts_at {
  static constexpr beginning how = beginning::constant;
  static constexpr double value = static_cast<double>(N) / static_cast<double>(D);
};

/// Weight decay leaves the parameter alone.
struct no_decay {};

// --- declarations --------------------------------------------------------------------------------

enum class tensor_kind { parameter, buffer, counter };

namespace detail {
template <class T>
concept start_property = requires {
  T::how;
};
template <class Tag, class S, start_property Start = starts_at<0>>
struct buffer {
  static constexpr tensor_kind kind = tensor_kind::buffer;
  static constexpr bool decays = false;
  using tag = Tag;
  using shape = S;
  using start = Start;
};

/// Counts the batches that training has shown the layer.
template <class Tag>
struct counter {
  static constexpr tensor_kind kind = tensor_kind::counter;
  using tag = Tag;
  using shape = Shape<>;
};

template <class... Properties>
struct start_of {
  using type = starts_drawn;
};
template <class First, class... Rest>
struct start_of<First, Rest...> : start_of<Rest...> {};
template <start_property First, class... Rest>
struct start_of<First, Rest...> {
  using type = First;
};
}  // namespace detail

template <class Tag, class S, class... Properties>
struct parameter {
  static constexpr tensor_kind kind = tensor_kind::parameter;
  static constexpr bool decays = !(std::is_same_v<Properties, no_decay> || ...);
  using tag = Tag;
  using shape = S;
  using start = typename detail::start_of<Properties...>::type;
};

/// The tensors of a layer, in PyTorch's order.
template <class... Declared>
using tensor_list = detail::list<Declared...>;

namespace detail {

template <tensor_kind Kind, class Declared>
using if_kind = std::conditional_t<Declared::kind == Kind, list<Declared>, list<>>;

/// Those of one kind, in order.
template <tensor_kind Kind, class... Declared>
constexpr auto only(list<Declared...>) {
  return (list<>{} + ... + if_kind<Kind, Declared>{});
}
/// Place of the tensor Tag among those of a layer's list that are no counters; -1 where it has
/// none.
template <class Tag, class... Declared>
constexpr int place_among(list<Declared...>) {
  [[maybe_unused]] int at = 0;
  int found = -1;
  ((found = std::is_same_v<Tag, typename Declared::tag> ? at : found,
    at += Declared::kind == tensor_kind::counter ? 0 : 1),
   ...);
  return found;
}

/// Values of the tensor Tag of a layer's list; 0 where it declares none.
template <class Tag, class Tensors>
inline constexpr std::int64_t size_of_tensor = 0;
template <class Tag, class... Declared>
inline constexpr std::int64_t size_of_tensor<Tag, list<Declared...>> =
    (std::int64_t{0} + ... +
     (std::is_same_v<Tag, typename Declared::tag> ? Declared::shape::size : 0));

template <tensor_kind Kind, class Tensors>
using only_t = decltype(only<Kind>(Tensors{}));

}  // namespace detail
}  // namespace tnn
