#pragma once
// The numbers of a convolution: the window's, and those of one group.
#include <tnn/layers/conv2d/conv2d.hpp>
#include <tnn/layers/window.hpp>

namespace tnn::detail {

template <class L, class X, class Y>
struct conv2d_geometry : window<L, X, Y> {
  using W = window<L, X, Y>;
  static constexpr int groups = L::groups;
  /// Of one group.
  static constexpr int filters = L::filters / groups, channels = X::extent(0) / groups;
  /// Weights of a filter, (C/G, KH, KW).
  static constexpr int taps = channels * W::kh * W::kw;
  /// Values of a plane of x, and of y.
  static constexpr int inputs = W::height * W::width, places = W::rows * W::columns;
};

}  // namespace tnn::detail
