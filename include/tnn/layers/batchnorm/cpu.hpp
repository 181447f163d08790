#pragma once
// BatchNorm on Cpu. A plane is a channel of one sample, as one of Eigen's arrays. A channel's mean
// and variance are summed plane after plane; then all planes are normalised. BatchNorm1d of
// features has one value a channel and sample, so no planes: it is computed as on every backend
// (batchnorm/compute.hpp).
#include <tnn/backend/cpu/array.hpp>
#include <tnn/backend/cpu/cpu.hpp>
#include <tnn/layers/batchnorm/compute.hpp>

namespace tnn {

namespace detail {

template <class L, class B, class T, class X>
struct batchnorm_cpu : batchnorm_compute<L, B, T, X> {
  using base = batchnorm_compute<L, B, T, X>;
  using base::channels, base::places;

  static void forward(B& cpu, const auto& p) {
    T* now = p.kept;
    if (p.mode == mode::train) {
      const batchnorm_statistics<L, X, T> statistics{p.x, now, p.get(tensor_name::running_mean{}),
                                                     p.get(tensor_name::running_var{}), p.batch};
      const auto n = static_cast<T>(p.batch * places);
      cpu.parallel(channels, [&](std::int64_t c, int) {
        const T mean = sum(p.batch, c, [&](auto at) { return plane(p.x + at).sum(); }) / n;
        const T var =
            sum(p.batch, c, [&](auto at) { return (plane(p.x + at) - mean).square().sum(); }) / n;
        statistics.keep(c, mean, var);
      });
    } else {
      now = base::running(cpu, p);
    }
    const T* w = p.get(tensor_name::weight{});
    const T* b = p.get(tensor_name::bias{});
    cpu.parallel(p.batch * channels, [&](std::int64_t item, int) {
      const std::int64_t c = item % channels, at = item * places;
      written(p.y + at) = w[c] * ((plane(p.x + at) - now[c]) * now[channels + c]) + b[c];
    });
  }

  static void backward(B& cpu, const auto& p) {
    T* const dw = p.gradient(tensor_name::weight{});
    T* const db = p.gradient(tensor_name::bias{});
    const T* w = p.get(tensor_name::weight{});
    const T *mean = p.kept, *scale = p.kept + channels;
    cpu.parallel(channels, [&](std::int64_t c, int) {
      db[c] = sum(p.batch, c, [&](auto at) { return plane(p.dy + at).sum(); });
      dw[c] = sum(p.batch, c,
                  [&](auto at) { return (plane(p.dy + at) * (plane(p.x + at) - mean[c])).sum(); }) *
              scale[c];
    });
    if (p.dx == nullptr) return;
    const auto n = static_cast<T>(p.batch * places);
    cpu.parallel(p.batch * channels, [&](std::int64_t item, int) {
      const std::int64_t c = item % channels, at = item * places;
      written(p.dx + at) =
          w[c] * scale[c] *
          (plane(p.dy + at) - db[c] / n - (plane(p.x + at) - mean[c]) * (scale[c] * (dw[c] / n)));
    });
  }

 private:
  static auto plane(const T* values) { return array(values, places); }
  static auto written(T* values) {
    return Eigen::Map<Eigen::Array<T, Eigen::Dynamic, 1>>(values, places);
  }
  /// Sum over the samples of f(where the plane of channel c begins).
  template <class F>
  static T sum(int batch, std::int64_t c, F f) {
    T all = 0;
    for (int s = 0; s < batch; ++s) all += f((s * channels + c) * places);
    return all;
  }
};

}  // namespace detail

template <CpuBackend B, class T, class... O, class X>
requires(X::rank > 1) struct compute<B, T, bound<BatchNorm1d<O...>, X, X>>
    : detail::batchnorm_cpu<BatchNorm1d<O...>, B, T, X> {
};
template <CpuBackend B, class T, class... O, class X>
struct compute<B, T, bound<BatchNorm2d<O...>, X, X>>
    : detail::batchnorm_cpu<BatchNorm2d<O...>, B, T, X> {};

}  // namespace tnn
