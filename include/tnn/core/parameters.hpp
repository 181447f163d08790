#pragma once
// The named tensors of a network, in order: 0.weight, 0.bias, 3.weight, ... as PyTorch names them.
// Parameters have their places in one arena, buffers in another; counters are integers. Constexpr
// tables; no value lives here.
#include <array>
#include <cstddef>
#include <span>
#include <string_view>

#include <boost/hana/for_each.hpp>
#include <boost/hana/tuple.hpp>

#include <tnn/core/facts.hpp>
#include <tnn/core/padded.hpp>

namespace tnn {

struct parameter_info {
  std::string_view name;       ///< "features.0.weight"
  std::span<const int> shape;  ///< PyTorch's order: F,C,H,W of a Conv2d, out,in of a Linear
  std::int64_t offset;         ///< first element in the arena
  std::int64_t size;
  beginning begins;
  double start;  ///< where it begins at a constant
  bool decays;
  layer_kind kind;
  int layer;  ///< index in the flat list of layers
  int among;  ///< index among the layer's tensors of its kind
  /// As PyTorch counts them. Of a vector: the fans of the layer's first tensor that is none, since
  /// a bias goes with its weight; its size where there is no such tensor.
  std::int64_t fan_in, fan_out;
};

namespace detail {

/// Counts the characters of a name, and keeps them if there is room.
struct name_sink {
  char* out = nullptr;
  std::size_t length = 0;
  constexpr void put(char c) {
    if (out != nullptr) out[length] = c;
    ++length;
  }
  constexpr void put(std::string_view s) {
    for (const char c : s) put(c);
  }
  constexpr void put(int n) {
    if (n >= 10) put(n / 10);
    put(static_cast<char>('0' + n % 10));
  }
};

template <class L>
struct naming {
  static constexpr void label(int number, name_sink& s) { s.put(number); }
  static constexpr void inside(const int*, int, name_sink&) {}
};
template <class... Layers>
struct naming<Sequential<Layers...>> {
  static constexpr void label(int number, name_sink& s) { s.put(number); }
  static constexpr void inside(const int* at, int rank, name_sink& s) {
    if (rank == 0) return;
    constexpr numbering<Layers...> numbers{};
    int i = 0;
    ((takes_number<Layers> && numbers.of[i] == at[0] ? (naming<Layers>::label(at[0], s), s.put('.'),
                                                        naming<Layers>::inside(at + 1, rank - 1, s))
                                                     : void(),
      ++i),
     ...);
  }
};
template <named N>
struct naming<N> : naming<typename N::named_layer> {
  static constexpr void label(int, name_sink& s) {
    s.put(std::string_view(N::name.text, N::name.size));
  }
};

template <class Net, class At, class Tag>
struct name_of {
  static constexpr void write(name_sink& s) {
    naming<Net>::inside(place<At>::number, place<At>::rank, s);
    s.put(Tag::name);
  }
  static constexpr std::size_t length = [] {
    name_sink s;
    write(s);
    return s.length;
  }();
  static constexpr auto text = [] {
    std::array<char, length> t{};
    name_sink s{t.data()};
    write(s);
    return t;
  }();
  static constexpr std::string_view view{text.data(), length};
};

template <class S>
struct extents_of;
template <int... E>
struct extents_of<Shape<E...>> {
  static constexpr int values[sizeof...(E)] = {E...};  // nvcc wants the size
};

template <class Placed, class Tensor>
struct placed_tensor {
  using at = typename Placed::at;
  using bound = typename Placed::type;
  using declared = Tensor;
};

/// The tensors of one kind at a place.
template <tensor_kind Kind, class Placed>
struct tensors_at {
  template <class... T>
  static constexpr auto expand(list<T...>) {
    return boost::hana::tuple<placed_tensor<Placed, T>...>{};
  }
  static constexpr auto all = expand(only_t<Kind, typename Placed::type::tensors>{});
};

template <class... Placed>
constexpr auto layer_tuple(list<Placed...>) {
  return boost::hana::tuple<Placed...>{};
}

template <tensor_kind Kind, class... Placed>
constexpr int tensors_of(list<Placed...>) {
  return (0 + ... + only_t<Kind, typename Placed::type::tensors>::size);
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

/// A row for each parameter, or for each buffer, of the whole network.
template <class Net, tensor_kind Kind>
struct tensor_table {
  static constexpr int count = tensors_of<Kind>(layers_t<Net>{});
  static constexpr auto all = [] {
    std::array<parameter_info, static_cast<std::size_t>(count)> table{};
    std::size_t row = 0;
    std::int64_t offset = 0;
    int index = 0;
    boost::hana::for_each(layer_tuple(layers_t<Net>{}), [&](auto l) {
      int among = 0;
      boost::hana::for_each(tensors_at<Kind, decltype(l)>::all, [&](auto t) {
        using P = decltype(t);
        using declared = typename P::declared;
        using shape = typename declared::shape;
        const fans fan = fans_among<shape>(typename P::bound::tensors{});
        table[row++] = {name_of<Net, typename P::at, typename declared::tag>::view,
                        extents_of<shape>::values,
                        offset,
                        shape::size,
                        declared::start::how,
                        declared::start::value,
                        declared::decays,
                        P::bound::layer::kind,
                        index,
                        among++,
                        fan.in,
                        fan.out};
        offset += padded(shape::size);
      });
      ++index;
    });
    return table;
  }();
};

/// The names of the counters.
template <class Net>
struct counter_table {
  static constexpr int count = tensors_of<tensor_kind::counter>(layers_t<Net>{});
  static constexpr auto all = [] {
    std::array<std::string_view, static_cast<std::size_t>(count)> names{};
    std::size_t row = 0;
    boost::hana::for_each(layer_tuple(layers_t<Net>{}), [&](auto l) {
      boost::hana::for_each(tensors_at<tensor_kind::counter, decltype(l)>::all, [&](auto t) {
        using P = decltype(t);
        names[row++] = name_of<Net, typename P::at, typename P::declared::tag>::view;
      });
    });
    return names;
  }();
};

/// Values of the arena that holds a table's tensors. What lies between two of them is 0 and stays
/// so.
constexpr std::int64_t arena_of(std::span<const parameter_info> table) {
  return table.empty() ? 0 : table.back().offset + padded(table.back().size);
}

}  // namespace detail

/// The table of Net's parameters; empty for a refused network.
template <class Net>
inline constexpr std::span<const parameter_info> parameters_table =
    detail::tensor_table<Net, tensor_kind::parameter>::all;

/// The table of its buffers, likewise.
template <class Net>
inline constexpr std::span<const parameter_info> buffers_table =
    detail::tensor_table<Net, tensor_kind::buffer>::all;

/// The names of its counters.
template <class Net>
inline constexpr std::span<const std::string_view> counters_table = detail::counter_table<Net>::all;

namespace detail {
template <class Net>
inline constexpr std::int64_t parameter_arena = arena_of(parameters_table<Net>);
template <class Net>
inline constexpr std::int64_t buffer_arena = arena_of(buffers_table<Net>);
}  // namespace detail

/// The place of that name's row in the table, or its size where there is none. (No pointer: GCC 12
/// with -fsanitize=undefined holds a comparison of one with nullptr to be no constant.)
[[nodiscard]] constexpr std::size_t find_parameter(std::span<const parameter_info> table,
                                                   std::string_view name) {
  std::size_t row = 0;
  while (row < table.size() && table[row].name != name) ++row;
  return row;
}

namespace detail {
constexpr bool is_in(std::span<const parameter_info> table, std::string_view name) {
  return find_parameter(table, name) < table.size();
}
}  // namespace detail

}  // namespace tnn
