#pragma once
// LocalResponseNorm by the formula. Backward adds each output's share to the inputs of its window:
//   dx[d] += dy[c] ((d == c) s[c]^-beta - 2 alpha beta/n x[c] x[d] s[c]^(-beta-1))
#include <tnn/core/compute.hpp>
#include <tnn/core/math.hpp>
#include <tnn/layers/local_response_norm/local_response_norm.hpp>

namespace tnn {

template <class T, class... O, class X, class Y>
struct compute<Reference, T, bound<LocalResponseNorm<O...>, X, Y>> : compute_base {
  using L = LocalResponseNorm<O...>;
  static constexpr bool backward_reads_x = true;
  static constexpr int n = L::size::value;
  static constexpr T alpha = static_cast<T>(double{L::alpha::num} / double{L::alpha::den});
  static constexpr T beta = static_cast<T>(double{L::beta::num} / double{L::beta::den});
  static constexpr T k = static_cast<T>(double{L::k::num} / double{L::k::den});

  static constexpr void forward(Reference&, const pass<T>& p) {
    each(p, [&](std::int64_t at, T s, auto) { p.y[at] = p.x[at] * math::pow(s, -beta); });
  }
  static constexpr void backward(Reference&, const pass<T>& p) {
    if (p.dx == nullptr) return;
    for (std::int64_t i = 0; i < p.batch * X::size; ++i) p.dx[i] = 0;
    each(p, [&](std::int64_t at, T s, auto window) {
      p.dx[at] += p.dy[at] * math::pow(s, -beta);
      window([&](std::int64_t d) {
        p.dx[d] -=
            p.dy[at] * T{2} * alpha * beta / n * p.x[at] * p.x[d] * math::pow(s, -beta - T{1});
      });
    });
  }

 private:
  /// Calls f(place, its s, walker of the places of its window) for each value.
  template <class F>
  static constexpr void each(const pass<T>& p, F f) {
    constexpr int channels = X::extent(0), plane = X::extent(1) * X::extent(2);
    for (int image = 0; image < p.batch; ++image)
      for (int c = 0; c < channels; ++c)
        for (int at = 0; at < plane; ++at) {
          const std::int64_t start = std::int64_t{image} * X::size + at;
          const auto window = [&](auto visit) {
            for (int d = c - n / 2; d <= c + (n - 1) / 2; ++d)
              if (d >= 0 && d < channels) visit(start + std::int64_t{d} * plane);
          };
          T squares = 0;
          window([&](std::int64_t d) { squares += p.x[d] * p.x[d]; });
          f(start + std::int64_t{c} * plane, k + alpha / n * squares, window);
        }
  }
};

}  // namespace tnn
