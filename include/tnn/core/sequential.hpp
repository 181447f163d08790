#pragma once
// How a network is written down: Input, Sequential, Named, Unnamed, Frozen. Networks that branch
// are written with layers/residual, layers/concat and layers/gate, which are laid flat alike.
#include <tnn/core/fixed_string.hpp>
#include <tnn/core/layer.hpp>

namespace tnn {

/// What the network receives: Input<C, H, W> or Input<N>. It stands first and only there.
template <int... Extents>
struct Input {};

/// Layers in order: torch.nn.Sequential. It is itself a layer of another Sequential.
template <class... Layers>
struct Sequential {};

/// A layer under a name of its own, as in an OrderedDict: its parameters are NAME.weight or, of a
/// Sequential, NAME.0.weight. It still takes its number among its neighbours.
template <fixed_string Name, class Inner>
struct Named {
  static constexpr auto name = Name;
  using named_layer = Inner;
};

/// A layer without a level of its own: the layers of an Unnamed Sequential are named and numbered
/// as if they stood where it stands.
template <class Inner>
struct Unnamed {};

/// A part that Training leaves as it is: its parameters have no gradient and no optimizer's state,
/// and it works as in inference (Dropout passes everything, BatchNorm takes its running statistics,
/// nothing is saved for backward). In torch: requires_grad_(False) and eval(). Names are as without
/// it. Nothing that is trained may be before it.
template <class Part>
struct Frozen {};

namespace fix {
struct put_Input_first;
struct Input_belongs_first;
struct give_Input_1_or_3_extents;
struct make_the_extents_at_least_1;
struct make_the_Input_smaller_than_2_to_the_31;
struct put_a_layer_in_it;
struct use_a_layer_type_here;
struct give_it_a_rule_that_accepts_or_refuses;
struct make_the_output_smaller_than_2_to_the_31;
struct make_the_weights_smaller_than_2_to_the_31;
struct give_it_a_name_of_letters_digits_and_underscores;
struct give_each_layer_its_own_name;
struct freeze_what_is_before_it_too;
struct leave_a_part_that_is_not_Frozen;
}  // namespace fix

/// A layer with the shape it receives and the shape it makes: what backends compute. Of a layer
/// that joins branches, X is the shape of the first.
template <class L, class X, class Y>
struct bound {
  using layer = L;
  using input = X;
  using output = Y;
  using tensors = typename L::template tensors<X>;
  using parameters = detail::only_t<tensor_kind::parameter, tensors>;
  using buffers = detail::only_t<tensor_kind::buffer, tensors>;
  using counters = detail::only_t<tensor_kind::counter, tensors>;
  /// Of a tensor, among those that are no counters.
  template <class Tag>
  static constexpr int place_of = detail::place_among<Tag>(tensors{});
  static constexpr std::int64_t multiply_adds = L::template multiply_adds<X>;
};

}  // namespace tnn
