#pragma once
// LocalResponseNorm on every backend that has for_each. With s[c] = k + alpha/n sum x[d]^2:
//   y[c]  = x[c] s[c]^-beta
//   dx[c] = dy[c] s[c]^-beta - 2 alpha beta/n x[c] * sum of dy[d] x[d] s[d]^(-beta-1)
// the last sum over the d whose window holds c. Backward leaves its terms in scratch first.
#include <tnn/core/backend.hpp>
#include <tnn/core/compute.hpp>
#include <tnn/core/host_device.hpp>
#include <tnn/core/integers.hpp>
#include <tnn/core/math.hpp>
#include <tnn/layers/local_response_norm/local_response_norm.hpp>

namespace tnn {

/// The places of a window's channels around element i of a batch.
template <class L, class X>
struct channel_window {
  static constexpr int channels = X::extent(0);
  static constexpr std::int64_t plane = std::int64_t{X::extent(1)} * X::extent(2);
  static constexpr int n = L::size::value;

  template <class F>
  TNN_HOST_DEVICE static constexpr void visit(std::int64_t i, int before, int after, F f) {
    const int c = static_cast<int>(i / plane % channels);
    const int first = c < before ? 0 : c - before;
    const int last = detail::least(c + after, channels - 1);
    for (int d = first; d <= last; ++d) f(i + (d - c) * plane);
  }
  template <class T>
  TNN_HOST_DEVICE static constexpr T scale(const T* x, std::int64_t i) {
    T squares = 0;
    visit(i, n / 2, (n - 1) / 2, [&](std::int64_t at) { squares += x[at] * x[at]; });
    return ratio_value<typename L::k, T> + ratio_value<typename L::alpha, T> / n * squares;
  }
};

template <class L, class X, class T>
struct local_response_norm_forward {
  const T* x;
  T* y;
  TNN_HOST_DEVICE constexpr void operator()(std::int64_t i) const {
    const T s = channel_window<L, X>::scale(x, i);
    y[i] = x[i] * math::pow(s, -ratio_value<typename L::beta, T>);
  }
};

template <class L, class X, class T>
struct local_response_norm_terms {
  const T* x;
  const T* dy;
  T* dx;
  T* terms;
  TNN_HOST_DEVICE constexpr void operator()(std::int64_t i) const {
    const T s = channel_window<L, X>::scale(x, i);
    dx[i] = dy[i] * math::pow(s, -ratio_value<typename L::beta, T>);
    terms[i] = dx[i] * x[i] / s;
  }
};

template <class L, class X, class T>
struct local_response_norm_gather {
  const T* x;
  const T* terms;
  T* dx;
  TNN_HOST_DEVICE constexpr void operator()(std::int64_t i) const {
    constexpr int n = L::size::value;
    T sum = 0;
    channel_window<L, X>::visit(i, (n - 1) / 2, n / 2, [&](std::int64_t at) { sum += terms[at]; });
    dx[i] -= T{2} * ratio_value<typename L::alpha, T> * ratio_value<typename L::beta, T> / n *
             x[i] * sum;
  }
};

template <Backend B, class T, class... O, class X, class Y>
struct compute<B, T, bound<LocalResponseNorm<O...>, X, Y>> : compute_base {
  using L = LocalResponseNorm<O...>;
  static constexpr bool backward_reads_x = true;
  static constexpr std::int64_t scratch(std::int64_t batch, int, mode m) {
    return m == mode::train ? batch * X::size : 0;
  }
  static constexpr void forward(B& backend, const pass<T>& p) {
    backend.for_each(p.batch * X::size, local_response_norm_forward<L, X, T>{p.x, p.y});
  }
  static constexpr void backward(B& backend, const pass<T>& p) {
    if (p.dx == nullptr) return;
    backend.for_each(p.batch * X::size,
                     local_response_norm_terms<L, X, T>{p.x, p.dy, p.dx, p.scratch});
    backend.for_each(p.batch * X::size, local_response_norm_gather<L, X, T>{p.x, p.scratch, p.dx});
  }
};

}  // namespace tnn
