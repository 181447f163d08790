#pragma once
// ReLU by the formula. It keeps its input and asks x, not y, on the way back: an oracle shares no
// shortcut with what it checks.
#include <tnn/layers/elementwise_reference.hpp>
#include <tnn/layers/relu/relu.hpp>

namespace tnn {

namespace detail {
struct relu_formula {
  template <class T>
  static constexpr T y(T x) {
    return x > 0 || x != x ? x : T{0};
  }
  template <class T>
  static constexpr T dx(T dy, T x) {
    return x > 0 ? dy : T{0};
  }
};
}  // namespace detail

template <class T, class X, class Y>
struct compute<Reference, T, bound<ReLU, X, Y>>
    : detail::elementwise_reference<T, X, detail::relu_formula> {};

}  // namespace tnn
