#pragma once
// BatchNorm on every backend that has for_each: a call a channel for what is summed, a call a value
// for the rest. The sums of a channel go plane by plane, a plane being one channel of one sample,
// so that terms are of like size; the order depends on shapes alone. Formulas: batchnorm.hpp,
// reference.hpp.
#include <tnn/core/backend.hpp>
#include <tnn/core/compute.hpp>
#include <tnn/core/host_device.hpp>
#include <tnn/core/math.hpp>
#include <tnn/layers/batchnorm/batchnorm.hpp>

namespace tnn {

namespace detail {

/// Sums over the values of channel c in (N, C, Places).
template <class X>
struct batchnorm_planes {
  static constexpr int channels = X::extent(0);
  static constexpr std::int64_t places = X::size / channels;

  /// Sum of f(i) over the places i of channel c.
  template <class T, class F>
  TNN_HOST_DEVICE static constexpr T sum(int batch, std::int64_t c, F f) {
    T all = 0;
    for (int n = 0; n < batch; ++n) {
      const std::int64_t first = (n * channels + c) * places;
      T plane = 0;
      for (std::int64_t i = first; i < first + places; ++i) plane += f(i);
      all += plane;
    }
    return all;
  }
};

/// kept: the batch's mean of each channel, then 1 / sqrt(var + eps) of each.
template <class L, class X, class T>
struct batchnorm_statistics {
  static constexpr std::int64_t channels = X::extent(0);
  const T* x;
  T* kept;
  T* running_mean;
  T* running_var;
  int batch;
  TNN_HOST_DEVICE constexpr void operator()(std::int64_t c) const {
    using planes = batchnorm_planes<X>;
    const auto n = static_cast<T>(batch * planes::places);
    const T mean = planes::template sum<T>(batch, c, [&](std::int64_t i) { return x[i]; }) / n;
    const T var = planes::template sum<T>(
                      batch, c, [&](std::int64_t i) { return (x[i] - mean) * (x[i] - mean); }) /
                  n;
    keep(c, mean, var);
  }
  TNN_HOST_DEVICE constexpr void keep(std::int64_t c, T mean, T var) const {
    using planes = batchnorm_planes<X>;
    const auto n = static_cast<T>(batch * planes::places);
    constexpr T m = ratio_value<typename L::momentum, T>;
    running_mean[c] += m * (mean - running_mean[c]);
    running_var[c] += m * (var * n / (n - 1) - running_var[c]);
    kept[c] = mean;
    kept[planes::channels + c] = 1 / math::sqrt(var + ratio_value<typename L::eps, T>);
  }
};

/// The same of the running statistics.
template <class L, class X, class T>
struct batchnorm_running {
  const T* running_mean;
  const T* running_var;
  T* kept;
  TNN_HOST_DEVICE constexpr void operator()(std::int64_t c) const {
    kept[c] = running_mean[c];
    kept[batchnorm_planes<X>::channels + c] =
        1 / math::sqrt(running_var[c] + ratio_value<typename L::eps, T>);
  }
};

template <class X, class T>
struct batchnorm_forward {
  const T* x;
  const T* kept;
  const T* weight;
  const T* bias;
  T* y;
  TNN_HOST_DEVICE constexpr void operator()(std::int64_t i) const {
    using planes = batchnorm_planes<X>;
    const std::int64_t c = i / planes::places % planes::channels;
    y[i] = weight[c] * ((x[i] - kept[c]) * kept[planes::channels + c]) + bias[c];
  }
};

template <class X, class T>
struct batchnorm_gradients {
  static constexpr std::int64_t channels = X::extent(0);
  const T* x;
  const T* dy;
  const T* kept;
  T* dweight;
  T* dbias;
  int batch;
  TNN_HOST_DEVICE constexpr void operator()(std::int64_t c) const {
    using planes = batchnorm_planes<X>;
    const T mean = kept[c], scale = kept[planes::channels + c];
    dbias[c] = planes::template sum<T>(batch, c, [&](std::int64_t i) { return dy[i]; });
    dweight[c] =
        planes::template sum<T>(batch, c, [&](std::int64_t i) { return dy[i] * (x[i] - mean); }) *
        scale;
  }
};

template <class X, class T>
struct batchnorm_backward {
  const T* x;
  const T* dy;
  const T* kept;
  const T* weight;
  const T* dweight;
  const T* dbias;
  T* dx;
  int batch;
  TNN_HOST_DEVICE constexpr void operator()(std::int64_t i) const {
    using planes = batchnorm_planes<X>;
    const auto n = static_cast<T>(batch * planes::places);
    const std::int64_t c = i / planes::places % planes::channels;
    const T scale = kept[planes::channels + c], h = (x[i] - kept[c]) * scale;
    dx[i] = weight[c] * scale * (dy[i] - dbias[c] / n - h * (dweight[c] / n));
  }
};

/// A call of f a channel, which sums.
struct batchnorm_by_channel {
  template <class B, class F>
  static constexpr void sum(B& backend, const F& f) {
    backend.for_each(F::channels, f);
  }
};

/// Sums: has sum(backend, f), which does what f(c) says for each channel c.
template <class L, class B, class T, class X, class Sums = batchnorm_by_channel>
struct batchnorm_compute : compute_base {
  static constexpr std::int64_t channels = X::extent(0), places = X::size / channels;
  static constexpr bool backward_reads_x = true;
  static constexpr std::int64_t kept = 2 * channels;
  static constexpr storage output(mode m) {
    return m == mode::train ? storage::own : storage::in_place;
  }
  static constexpr std::int64_t scratch(std::int64_t, int, mode m) {
    return m == mode::train ? 0 : kept;
  }

  static constexpr void forward(B& backend, const auto& p) {
    T* now = p.kept;
    if (p.mode == mode::train) {
      Sums::sum(backend, batchnorm_statistics<L, X, T>{p.x, now, p.get(tensor_name::running_mean{}),
                                                       p.get(tensor_name::running_var{}), p.batch});
    } else {
      now = running(backend, p);
    }
    backend.for_each(p.batch * X::size,
                     batchnorm_forward<X, T>{p.x, now, p.get(tensor_name::weight{}),
                                             p.get(tensor_name::bias{}), p.y});
  }
  static constexpr void backward(B& backend, const auto& p) {
    T* const dw = p.gradient(tensor_name::weight{});
    T* const db = p.gradient(tensor_name::bias{});
    Sums::sum(backend, batchnorm_gradients<X, T>{p.x, p.dy, p.kept, dw, db, p.batch});
    if (p.dx != nullptr)
      backend.for_each(p.batch * X::size,
                       batchnorm_backward<X, T>{p.x, p.dy, p.kept, p.get(tensor_name::weight{}), dw,
                                                db, p.dx, p.batch});
  }

 protected:
  /// The running statistics in the form of `kept`, in scratch.
  static constexpr T* running(B& backend, const auto& p) {
    backend.for_each(channels,
                     batchnorm_running<L, X, T>{p.get(tensor_name::running_mean{}),
                                                p.get(tensor_name::running_var{}), p.scratch});
    return p.scratch;
  }
};

}  // namespace detail

template <Backend B, class T, class... O, class X>
struct compute<B, T, bound<BatchNorm1d<O...>, X, X>>
    : detail::batchnorm_compute<BatchNorm1d<O...>, B, T, X> {};
template <Backend B, class T, class... O, class X>
struct compute<B, T, bound<BatchNorm2d<O...>, X, X>>
    : detail::batchnorm_compute<BatchNorm2d<O...>, B, T, X> {};

}  // namespace tnn
