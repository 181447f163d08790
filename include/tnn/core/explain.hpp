#pragma once
// The ONE place that raises shape errors. Rules answer quietly (core/layer.hpp); what asks for a
// fact of a refused network comes here, and the compiler prints a single line:
//   error: ... incomplete type 'shape_error<layer<13>, Linear<4096>, got<256, 5, 5>, fix::...>'
// A report is a function body: it is instantiated once, however often the network is named.
#include <cstdint>

#include <tnn/core/fixed_string.hpp>
#include <tnn/core/shape.hpp>

#if defined(__cpp_static_assert) && __cpp_static_assert >= 202306L
#include <tnn/core/sentence.hpp>
#endif

namespace tnn {

/// Where: the place of a layer as PyTorch numbers it, layer<3, 0> inside a nested Sequential.
template <int... Number>
struct layer;

/// Which layer, where only its name is to be seen: a Named may hold a whole network.
template <fixed_string Name>
struct called;

/// The shape that arrived.
template <int... Extents>
struct got;

// clang-format off
template <class Where, class Layer, class Got, class Fix> struct shape_error;  // <- where, which layer, the shape it got, what to do
// clang-format on

namespace detail {

/// Stands for the shape of a refused network, so that no second error follows the report.
struct broken {
  static constexpr int rank = 0;
  static constexpr std::int64_t size = 0;
  static constexpr int extent(int) { return 0; }
};

template <class X>
struct got_of {
  using type = got<>;
};
template <int... Extents>
struct got_of<Shape<Extents...>> {
  using type = got<Extents...>;
};

template <class Error>
constexpr auto report() {
#if defined(__cpp_static_assert) && __cpp_static_assert >= 202306L
  static_assert(false, sentence<Error>);
#else
  using see [[maybe_unused]] = typename Error::see;
#endif
  return broken{};
}

template <class X>
using got_t = typename detail::got_of<X>::type;

}  // namespace detail

}  // namespace tnn
