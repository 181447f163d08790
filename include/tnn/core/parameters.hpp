#pragma once
// The named tensors of a network, in order: 0.weight, 0.bias, 3.weight, ... as PyTorch names them.
// Parameters have their places in one arena, buffers in another; counters are integers. Constexpr
// tables; no value lives here.
#include <array>
#include <cstddef>
#include <span>
#include <string_view>

#include <boost/hana/tuple.hpp>

#include <tnn/core/facts.hpp>
#include <tnn/core/padded.hpp>

namespace tnn {

struct ParameterInfo {
  std::string_view name;       ///< "features.0.weight"
  std::span<const int> shape;  ///< PyTorch's order: F,C,H,W of a Conv2d, out,in of a Linear
  std::int64_t offset;         ///< first element in the arena
  std::int64_t size;
  beginning begins;
  double start;  ///< where it begins at a constant
  bool decays;
  bool trained;  ///< false of a buffer, and in a Frozen part
  layer_kind kind;
  int layer;  ///< index in the flat list of layers
  int among;  ///< index among the layer's tensors of its kind
  /// As PyTorch counts them. Of a vector: the fans of the layer's first tensor that is none, since
  /// a bias goes with its weight; its size where there is no such tensor.
  std::int64_t fan_in, fan_out;
};

namespace detail {

template <class S>
struct extents_of;
template <int... E>
struct extents_of<Shape<E...>> {
  static constexpr int values[sizeof...(E)] = {E...};  // nvcc wants the size
};

template <class... Placed>
constexpr auto layer_tuple(list<Placed...>) {
  return boost::hana::tuple<Placed...>{};
}

struct fans {
  std::int64_t in = 0, out = 0;
};
template <class S>
constexpr fans fans_of() {
  if constexpr (S::rank < 2) {
    return {S::size, S::size};
  } else {
    return {S::size / S::extent(0), S::size / S::extent(1)};
  }
}
/// Of S, among the tensors of its layer.
template <class S, class... Declared>
constexpr fans fans_among(list<Declared...>) {
  fans found = fans_of<S>();
  bool is_vector = S::rank < 2;
  ((is_vector && Declared::shape::rank >= 2
        ? (found = fans_of<typename Declared::shape>(), is_vector = false)
        : false),
   ...);
  return found;
}

/// The rows of one layer's tensors of a kind, but for their places in the network. By the layer
/// alone: what a function of the whole network is instantiated for is named after all its layers.
template <class Bound, class At, class Declared>
struct layer_rows;
template <class Bound, class At, class... Declared>
struct layer_rows<Bound, At, list<Declared...>> {
  static constexpr int count = sizeof...(Declared);
  template <class D>
  static constexpr ParameterInfo row() {
    using shape = typename D::shape;
    const fans fan = fans_among<shape>(typename Bound::tensors{});
    return {.name = name_of<At, typename D::tag>::view,
            .shape = extents_of<shape>::values,
            .offset = 0,
            .size = shape::size,
            .begins = D::start::how,
            .start = D::start::value,
            .decays = D::decays,
            .trained = D::kind == tensor_kind::parameter,
            .kind = Bound::layer::kind,
            .layer = 0,
            .among = 0,
            .fan_in = fan.in,
            .fan_out = fan.out};
  }
  static constexpr std::array<ParameterInfo, sizeof...(Declared)> all{row<Declared>()...};
  static constexpr std::span<const ParameterInfo> span{all};
};
template <tensor_kind Kind, class Placed>
using rows_of = layer_rows<typename Placed::type, typename Placed::at,
                           only_t<Kind, typename Placed::type::tensors>>;

/// A row for each parameter, or for each buffer, of the whole network. In the arena what is trained
/// comes first, so that gradients and what an optimizer remembers are arenas of that part's layout.
template <tensor_kind Kind, class... Placed>
constexpr auto make_tensor_table(list<Placed...>) {
  constexpr auto count = static_cast<std::size_t>(total({rows_of<Kind, Placed>::count...}));
  std::array<ParameterInfo, count> table{};
  const std::span<const ParameterInfo> layers[] = {rows_of<Kind, Placed>::span..., {}};
  const bool is_frozen[] = {Placed::is_frozen..., false};
  std::size_t row = 0;
  for (int layer = 0; layer < static_cast<int>(sizeof...(Placed)); ++layer) {
    int among = 0;
    for (const ParameterInfo& tensor : layers[layer]) {
      ParameterInfo& r = table[row++] = tensor;
      r.trained = r.trained && !is_frozen[layer];
      r.layer = layer;
      r.among = among++;
    }
  }
  std::int64_t offset = 0;
  for (const bool trained : {true, false})
    for (ParameterInfo& r : table)
      if (r.trained == trained) {
        r.offset = offset;
        offset += padded(r.size);
      }
  return table;
}
template <class Net, tensor_kind Kind>
inline constexpr auto tensor_table = make_tensor_table<Kind>(layers_t<Net>{});

/// The names of a layer's counters.
template <class At, class Declared>
struct counter_names;
template <class At, class... Declared>
struct counter_names<At, list<Declared...>> {
  static constexpr std::array<std::string_view, sizeof...(Declared)> all{
      name_of<At, typename Declared::tag>::view...};
};
template <class Placed>
using counters_of = counter_names<typename Placed::at, typename Placed::type::counters>;

template <class... Placed>
constexpr auto make_counter_table(list<Placed...>) {
  std::array<std::string_view, std::size_t(total({Placed::type::counters::size...}))> names{};
  const std::span<const std::string_view> layers[] = {counters_of<Placed>::all..., {}};
  std::size_t row = 0;
  for (const std::span<const std::string_view> layer : layers)
    for (const std::string_view name : layer) names[row++] = name;
  return names;
}
template <class Net>
inline constexpr auto counter_table = make_counter_table(layers_t<Net>{});

/// Whether each counter counts: not in a Frozen part.
template <class... Placed>
constexpr auto make_counting_table(list<Placed...>) {
  std::array<bool, std::size_t(total({Placed::type::counters::size...}))> counts{};
  const std::int64_t of_layer[] = {Placed::type::counters::size..., 0};
  const bool is_frozen[] = {Placed::is_frozen..., false};
  std::size_t row = 0;
  for (std::size_t layer = 0; layer < sizeof...(Placed); ++layer)
    for (std::int64_t k = 0; k < of_layer[layer]; ++k) counts[row++] = !is_frozen[layer];
  return counts;
}
template <class Net>
inline constexpr auto counting = make_counting_table(layers_t<Net>{});

/// Values of the arena that holds a table's tensors. What lies between two of them is 0 and stays
/// so.
constexpr std::int64_t arena_of(std::span<const ParameterInfo> table) {
  std::int64_t values = 0;
  for (const ParameterInfo& p : table) values += padded(p.size);
  return values;
}
constexpr std::int64_t count_trained(std::span<const ParameterInfo> table) {
  std::int64_t rows = 0;
  for (const ParameterInfo& p : table) rows += p.trained;
  return rows;
}
/// The rows of what is trained.
template <class Net>
constexpr auto make_trained_table() {
  constexpr auto& all = tensor_table<Net, tensor_kind::parameter>;
  std::array<ParameterInfo, static_cast<std::size_t>(count_trained(all))> table{};
  std::size_t row = 0;
  for (const ParameterInfo& p : all)
    if (p.trained) table[row++] = p;
  return table;
}
template <class Net>
inline constexpr auto trained_table = make_trained_table<Net>();

}  // namespace detail

/// The table of Net's parameters; empty for a refused network.
template <class Net>
inline constexpr std::span<const ParameterInfo> parameters_table =
    detail::tensor_table<Net, tensor_kind::parameter>;

/// The rows of those that are trained: all but those of Frozen parts.
template <class Net>
inline constexpr std::span<const ParameterInfo> trained_parameters = detail::trained_table<Net>;

/// The table of its buffers, likewise.
template <class Net>
inline constexpr std::span<const ParameterInfo> buffers_table =
    detail::tensor_table<Net, tensor_kind::buffer>;

/// The names of its counters.
template <class Net>
inline constexpr std::span<const std::string_view> counters_table = detail::counter_table<Net>;

namespace detail {
template <class Net>
inline constexpr std::int64_t parameter_arena = arena_of(parameters_table<Net>);
template <class Net>
inline constexpr std::int64_t trained_arena = arena_of(trained_parameters<Net>);
template <class Net>
inline constexpr std::int64_t buffer_arena = arena_of(buffers_table<Net>);
}  // namespace detail

/// The place of that name's row in the table, or its size where there is none. (No pointer: GCC 12
/// with -fsanitize=undefined holds a comparison of one with nullptr to be no constant.)
[[nodiscard]] constexpr std::size_t find_parameter(std::span<const ParameterInfo> table,
                                                   std::string_view name) {
  std::size_t row = 0;
  while (row < table.size() && table[row].name != name) ++row;
  return row;
}

namespace detail {
constexpr bool is_in(std::span<const ParameterInfo> table, std::string_view name) {
  return find_parameter(table, name) < table.size();
}
}  // namespace detail

}  // namespace tnn
