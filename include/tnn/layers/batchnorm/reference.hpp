#pragma once
// BatchNorm by the formula; backward works the batch's mean and variance out again. With
// h = (x - mean) / sqrt(var + eps), over the n values of a channel:
//   dw = sum dy h,  db = sum dy,  dx = w / sqrt(var + eps) (dy - db / n - h dw / n)
#include <tnn/core/compute.hpp>
#include <tnn/core/math.hpp>
#include <tnn/layers/batchnorm/batchnorm.hpp>

namespace tnn {

namespace detail {

template <class L, class T, class X>
struct batchnorm_reference : compute_base {
  static constexpr int channels = X::extent(0);
  static constexpr std::int64_t places = X::size / channels;
  static constexpr bool backward_reads_x = true;

  static constexpr void forward(Reference&, const auto& p) {
    const T* w = p.get(tensor_name::weight{});
    const T* b = p.get(tensor_name::bias{});
    for (int c = 0; c < channels; ++c) {
      T* mean = p.get(tensor_name::running_mean{}) + c;
      T* var = p.get(tensor_name::running_var{}) + c;
      statistics now{*mean, *var};
      if (p.mode == mode::train) {
        now = of_batch(p, c);
        const auto n = static_cast<T>(p.batch * places);
        *mean += momentum * (now.mean - *mean);
        *var += momentum * (now.var * n / (n - 1) - *var);
      }
      const T root = math::sqrt(now.var + eps);
      each(p, c, [&](std::int64_t i) { p.y[i] = w[c] * (p.x[i] - now.mean) / root + b[c]; });
    }
  }
  static constexpr void backward(Reference&, const auto& p) {
    T* dw = p.gradient(tensor_name::weight{});
    T* db = p.gradient(tensor_name::bias{});
    const auto n = static_cast<T>(p.batch * places);
    for (int c = 0; c < channels; ++c) {
      const statistics now = of_batch(p, c);
      const T root = math::sqrt(now.var + eps);
      dw[c] = db[c] = 0;
      each(p, c, [&](std::int64_t i) {
        dw[c] += p.dy[i] * (p.x[i] - now.mean) / root;
        db[c] += p.dy[i];
      });
      if (p.dx == nullptr) continue;
      const T w = p.get(tensor_name::weight{})[c];
      each(p, c, [&](std::int64_t i) {
        const T h = (p.x[i] - now.mean) / root;
        p.dx[i] = w / root * (p.dy[i] - db[c] / n - h * dw[c] / n);
      });
    }
  }

 private:
  static constexpr T eps = ratio_value<typename L::eps, T>;
  static constexpr T momentum = ratio_value<typename L::momentum, T>;
  struct statistics {
    T mean, var;
  };
  static constexpr statistics of_batch(const pass<T>& p, int c) {
    const auto n = static_cast<T>(p.batch * places);
    statistics s{0, 0};
    each(p, c, [&](std::int64_t i) { s.mean += p.x[i]; });
    s.mean /= n;
    each(p, c, [&](std::int64_t i) { s.var += (p.x[i] - s.mean) * (p.x[i] - s.mean); });
    s.var /= n;
    return s;
  }
  /// f(i) for the values of channel c.
  template <class F>
  static constexpr void each(const pass<T>& p, int c, F f) {
    for (int s = 0; s < p.batch; ++s)
      for (std::int64_t k = 0; k < places; ++k) f(s * X::size + c * places + k);
  }
};

}  // namespace detail

template <class T, class... O, class X>
struct compute<Reference, T, bound<BatchNorm1d<O...>, X, X>>
    : detail::batchnorm_reference<BatchNorm1d<O...>, T, X> {};
template <class T, class... O, class X>
struct compute<Reference, T, bound<BatchNorm2d<O...>, X, X>>
    : detail::batchnorm_reference<BatchNorm2d<O...>, T, X> {};

}  // namespace tnn
