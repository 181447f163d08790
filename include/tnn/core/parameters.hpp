#pragma once
// The named parameters of a network, in order: 0.weight, 0.bias, 3.weight, ... as PyTorch names
// them, with their place in the one arena. A constexpr table; no value lives here.
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
  tnn::role role;
  layer_kind kind;
  int layer;                     ///< index in the flat list of layers
  std::int64_t fan_in, fan_out;  ///< of the layer's weight, as PyTorch counts them
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

template <class Net, class At>
constexpr void write_name(name_sink& s, role r) {
  naming<Net>::inside(place<At>::number, place<At>::rank, s);
  s.put(r == role::weight ? std::string_view("weight") : std::string_view("bias"));
}

template <class Net, class At, role Role>
struct name_of {
  static constexpr std::size_t length = [] {
    name_sink s;
    write_name<Net, At>(s, Role);
    return s.length;
  }();
  static constexpr auto text = [] {
    std::array<char, length> t{};
    name_sink s{t.data()};
    write_name<Net, At>(s, Role);
    return t;
  }();
};

template <class S>
struct extents_of;
template <int... E>
struct extents_of<Shape<E...>> {
  static constexpr int values[sizeof...(E)] = {E...};  // nvcc wants the size
};

template <class Placed, class P>
struct placed_parameter {
  using at = typename Placed::at;
  using bound = typename Placed::type;
  using shape = typename P::shape;
  static constexpr tnn::role role = P::what;
};

template <class Placed>
struct parameters_at;
template <class L, class X, class Y, class At>
struct parameters_at<placed<bound<L, X, Y>, At>> {
  template <class... P>
  static constexpr auto expand(list<P...>) {
    return boost::hana::tuple<placed_parameter<placed<bound<L, X, Y>, At>, P>...>{};
  }
  static constexpr auto all = expand(typename bound<L, X, Y>::parameters{});
};

template <class... Placed>
constexpr auto layer_tuple(list<Placed...>) {
  return boost::hana::tuple<Placed...>{};
}

template <class... P>
constexpr std::int64_t weight_size(list<P...>) {
  return (std::int64_t{0} + ... + (P::what == role::weight ? P::shape::size : 0));
}
template <class... P>
constexpr int weight_extent(list<P...>, int i) {
  return (0 + ... + (P::what == role::weight ? P::shape::extent(i) : 0));
}

template <class... Placed>
constexpr int tensors_of(list<Placed...>) {
  return (0 + ... + Placed::type::parameters::size);
}

template <class Net>
struct parameter_table {
  static constexpr int count = tensors_of(layers_t<Net>{});
  static constexpr auto all = [] {
    std::array<parameter_info, static_cast<std::size_t>(count)> table{};
    std::size_t row = 0;
    std::int64_t offset = 0;
    int index = 0;
    boost::hana::for_each(layer_tuple(layers_t<Net>{}), [&](auto l) {
      boost::hana::for_each(parameters_at<decltype(l)>::all, [&](auto p) {
        using P = decltype(p);
        using parameters = typename P::bound::parameters;
        using name = name_of<Net, typename P::at, P::role>;
        const std::int64_t fan_in = weight_size(parameters{}) / weight_extent(parameters{}, 0);
        const std::int64_t fan_out = weight_size(parameters{}) / weight_extent(parameters{}, 1);
        table[row++] = {std::string_view(name::text.data(), name::length),
                        extents_of<typename P::shape>::values,
                        offset,
                        P::shape::size,
                        P::role,
                        P::bound::layer::kind,
                        index,
                        fan_in,
                        fan_out};
        offset += padded(P::shape::size);
      });
      ++index;
    });
    return table;
  }();
};

}  // namespace detail

/// The table of Net's parameters; empty for a refused network.
template <class Net>
inline constexpr std::span<const parameter_info> parameters_table =
    detail::parameter_table<Net>::all;

namespace detail {
/// Size of the arena with Net's parameters, in values. The gaps between them are 0 and stay so.
template <class Net>
inline constexpr std::int64_t parameter_arena = parameters_table<Net>.empty()
                                                    ? 0
                                                    : parameters_table<Net>.back().offset +
                                                          padded(parameters_table<Net>.back().size);
}  // namespace detail

/// The place of that name's row in the table, or its size where there is none. (No pointer: GCC 12
/// with -fsanitize=undefined holds a comparison of one with nullptr to be no constant.)
[[nodiscard]] constexpr std::size_t find_parameter(std::span<const parameter_info> table,
                                                   std::string_view name) {
  std::size_t row = 0;
  while (row < table.size() && table[row].name != name) ++row;
  return row;
}

}  // namespace tnn
