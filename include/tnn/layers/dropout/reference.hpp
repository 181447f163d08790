#pragma once
// Dropout by its definition: one Philox word a value, one value at a time.
#include <tnn/core/compute.hpp>
#include <tnn/core/philox.hpp>
#include <tnn/layers/dropout/dropout.hpp>

namespace tnn {

template <class T, class Rate, class X, class Y>
struct compute<Reference, T, bound<Dropout<Rate>, X, Y>> : compute_base {
  static constexpr void forward(Reference&, const pass<T>& p) {
    for (int n = 0; n < p.batch; ++n)
      for (std::int64_t i = 0; i < X::size; ++i)
        p.y[n * X::size + i] = p.x[n * X::size + i] * factor(p, n, i);
  }
  static constexpr void backward(Reference&, const pass<T>& p) {
    if (p.dx == nullptr) return;
    for (int n = 0; n < p.batch; ++n)
      for (std::int64_t i = 0; i < X::size; ++i)
        p.dx[n * X::size + i] = p.dy[n * X::size + i] * factor(p, n, i);
  }

 private:
  static constexpr T factor(const pass<T>& p, int n, std::int64_t i) {
    if (p.mode == mode::infer) return T{1};
    const philox_block words =
        philox(stream_key(p.seed, random_stream::dropout), static_cast<std::uint32_t>(i / 4),
               p.first_sample + static_cast<std::uint32_t>(n), p.layer, *p.step);
    constexpr double rate = static_cast<double>(Rate::num) / static_cast<double>(Rate::den);
    return words.v[i % 4] < static_cast<std::uint32_t>(rate * 4294967296.0)
               ? T{0}
               : static_cast<T>(1 / (1 - rate));
  }
};

}  // namespace tnn
