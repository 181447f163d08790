#pragma once
// A convolution, its BatchNorm2d, and a Residual's sum and a ReLU if they follow, as one step on
// Cpu. In training (inference: batchnorm/affine.hpp), of N values z of a channel,
//   z = conv(x),  y = max(f (z - mean) + b + other, 0),  f = w / sqrt(var + eps)
//   g = dy where y > 0,  db = sum g,  dw = sum g (z - mean) / sqrt(var + eps)
//   dz = f (g - db / N - (z - mean) / sqrt(var + eps) dw / N)
// z is saved. Mean and squares of each of its planes (a channel of an image) are taken where the
// convolution stores the plane (the direct way stores parts: there they are read again), so that
// forward reads z from memory once, to make y. Backward sums in one pass and makes dz in the place
// of z in another. Sums go by planes, in their order: no bit depends on threads.
#include <tnn/backend/cpu/cpu.hpp>
#include <tnn/core/give.hpp>
#include <tnn/core/padded.hpp>
#include <tnn/layers/batchnorm/affine.hpp>
#include <tnn/layers/batchnorm/compute.hpp>
#include <tnn/layers/conv2d/cpu_images.hpp>

namespace tnn::detail {

/// The mean of n values, and the sum of the squares of their distances from it.
template <class T>
struct plane_moments {
  T mean, squares;
  static plane_moments of(const T* values, int n) {
    const auto plane = array(values, n);
    const T mean = plane.sum() / static_cast<T>(n);
    return {mean, (plane - mean).square().sum()};
  }
};

/// No tail, but for the moments of each plane that is stored.
template <class T, class Y>
struct moments_tail : plane_tail<T, Y, false> {
  static void store(const cpu_images<T>& i, std::int64_t image, int c, int count, T* at, T* room) {
    using V = simd::vector<T>;
    const T n = static_cast<T>(i.plane);
    V sum{}, squares{};
    for (int k = 0; k < i.plane; ++k) sum += simd::load(at + k * simd::lanes<T>);
    const V mean = sum / n;
    for (int k = 0; k < i.plane; ++k) {
      const V distance = simd::load(at + k * simd::lanes<T>) - mean;
      squares += distance * distance;
    }
    plane_moments<T>* const to = i.tail.moments + image * Y::extent(0) + c;
    for (int k = 0; k < count; ++k) to[k] = {mean[k], squares[k]};
    plane_tail<T, Y, false>::store(i, image, c, count, at, room);
  }
};

/// Infers and Trains are the convolution with norm_tail and with moments_tail.
template <class T, class Norm, class Y, class Infers, class Trains, bool Adds, bool Relu>
struct normed_cpu_convolution : normed_convolution<T, Infers, Norm, Y> {
  using base = normed_convolution<T, Infers, Norm, Y>;
  using V = simd::vector<T>;
  using moments = plane_moments<T>;
  static constexpr int channels = Y::extent(0), places = Y::extent(1) * Y::extent(2);
  static constexpr bool backward_reads_x = true, backward_reads_y = Adds && Relu;
  static constexpr std::int64_t saved = Y::size * std::int64_t{sizeof(T)}, kept = 2 * channels;

  static constexpr bool together(mode) { return true; }
  static constexpr std::int64_t scratch(std::int64_t batch, int threads, mode m) {
    return m == mode::infer ? base::scratch(batch, threads, m)
                            : moments_size(batch) + Trains::scratch(batch, threads, m);
  }

  static void forward(auto& cpu, const auto& p) {
    if (p.mode == mode::infer)
      base::forward(cpu, p);
    else
      train(cpu, p);
  }

  static void backward(auto& cpu, const auto& p) {
    T* const z = p.template saved_as<T>();
    const norm_of n(p);
    T* const dw = p.gradient(tensor_name::weight{}, norm);
    T* const db = p.gradient(tensor_name::bias{}, norm);
    auto* const sums = reinterpret_cast<gradient_sums*>(p.scratch);
    cpu.parallel(std::int64_t{p.batch} * channels, [&](std::int64_t item, int) {
      const auto at = place(p, item);
      sums[item] = sum(n, at.channel, z + item * places, p.dy + at.first, p.y + at.first);
    });
    cpu.parallel(channels, [&](std::int64_t c, int) {
      gradient_sums all{};
      for (int image = 0; image < p.batch; ++image) {
        all.g += sums[image * channels + c].g;
        all.product += sums[image * channels + c].product;
      }
      db[c] = all.g;
      dw[c] = all.product * n.scale[c];
    });
    cpu.parallel(std::int64_t{p.batch} * channels, [&](std::int64_t item, int) {
      const auto at = place(p, item);
      const T size = static_cast<T>(p.batch) * places;
      make_dz(n, at.channel, db[at.channel] / size, n.scale[at.channel] * dw[at.channel] / size,
              p.dy + at.first, z + item * places);
    });
    auto convolution = p;
    convolution.dy = z;
    convolution.y_stride = Y::size;
    convolution.scratch += moments_size(p.batch);
    Trains::backward(cpu, convolution);
    if constexpr (Adds)
      if (T* const other = p.other_gradient[0]; other != nullptr)
        cpu.parallel(p.batch, [&](std::int64_t image, int) {
          for (std::int64_t i = 0; i < Y::size; ++i)
            give(other[image * Y::size + i], p.dy[image * p.y_stride + i], p.adds_other[0]);
        });
  }

 private:
  static constexpr std::integral_constant<int, 1> norm{};

  /// Sums over a plane, or more.
  struct gradient_sums {
    T g = 0;        ///< of g
    T product = 0;  ///< of g (z - mean)
  };
  static_assert(sizeof(gradient_sums) == 2 * sizeof(T) && sizeof(moments) == 2 * sizeof(T));
  static constexpr std::int64_t moments_size(std::int64_t batch) {
    return padded(2 * batch * channels);
  }

  /// What the norm does to a channel.
  struct norm_of {
    const T *mean, *scale, *weight, *bias;
    explicit norm_of(const auto& p)
        : mean(p.kept),
          scale(p.kept + channels),
          weight(p.get(tensor_name::weight{}, norm)),
          bias(p.get(tensor_name::bias{}, norm)) {}
    T factor(std::int64_t c) const { return weight[c] * scale[c]; }
  };

  struct plane_place {
    std::int64_t channel, first;  ///< where it begins in y and dy
  };
  static plane_place place(const auto& p, std::int64_t item) {
    const std::int64_t c = item % channels;
    return {c, item / channels * p.y_stride + c * places};
  }

  static void train(auto& cpu, const auto& p) {
    T* const z = p.template saved_as<T>();
    auto* const of_planes = reinterpret_cast<moments*>(p.scratch);
    auto convolution = p;
    convolution.y = z;
    convolution.y_stride = Y::size;
    convolution.scratch += moments_size(p.batch);
    tail_values<T> tail;
    tail.moments = of_planes;
    Trains::forward(cpu, convolution, tail);
    if constexpr (!Trains::by_lanes)
      cpu.parallel(std::int64_t{p.batch} * channels, [&](std::int64_t item, int) {
        of_planes[item] = moments::of(z + item * places, places);
      });

    const batchnorm_statistics<Norm, Y, T> statistics{
        z, p.kept, p.get(tensor_name::running_mean{}, norm),
        p.get(tensor_name::running_var{}, norm), p.batch};
    cpu.parallel(channels, [&](std::int64_t c, int) {
      T mean = 0, squares = 0;
      for (int image = 0; image < p.batch; ++image) mean += of_planes[image * channels + c].mean;
      mean /= static_cast<T>(p.batch);
      for (int image = 0; image < p.batch; ++image) {
        const moments& one = of_planes[image * channels + c];
        squares += one.squares + places * (one.mean - mean) * (one.mean - mean);
      }
      statistics.keep(c, mean, squares / (static_cast<T>(p.batch) * places));
    });

    const norm_of n(p);
    cpu.parallel(std::int64_t{p.batch} * channels, [&](std::int64_t item, int) {
      const auto at = place(p, item);
      const T mean = n.mean[at.channel], factor = n.factor(at.channel), bias = n.bias[at.channel];
      const T* const from = z + item * places;
      const T* const other = Adds ? p.other[0] + item * places : nullptr;
      T* const to = p.y + at.first;
      for (int k = 0; k < places; ++k) {
        T v = (from[k] - mean) * factor + bias;
        if constexpr (Adds) v += other[k];
        to[k] = Relu && v < T{0} ? T{0} : v;
      }
    });
  }

  /// The sums of a plane. With Adds and Relu, where only y knows what ReLU let pass, dy becomes g.
  /// With Relu alone that is asked of z, here and where dz is made.
  TNN_ONE_COPY static gradient_sums sum(const norm_of& n, std::int64_t c, const T* z, T* dy,
                                        const T* y) {
    const T mean = n.mean[c], factor = n.factor(c), bias = n.bias[c];
    constexpr int lanes = simd::lanes<T>;
    V all{}, products{};
    int k = 0;
    for (; k + lanes <= places; k += lanes) {
      const V distance = simd::load(z + k) - mean;
      V g = simd::load(dy + k);
      if constexpr (Relu) g = (Adds ? simd::load(y + k) : distance * factor + bias) > V{} ? g : V{};
      if constexpr (Adds && Relu) simd::store<T>(dy + k, g);
      all += g;
      products += g * distance;
    }
    gradient_sums s;
    for (int lane = 0; lane < lanes; ++lane) {
      s.g += all[lane];
      s.product += products[lane];
    }
    for (; k < places; ++k) {
      const T distance = z[k] - mean;
      T g = dy[k];
      if constexpr (Relu) g = (Adds ? y[k] : distance * factor + bias) > T{0} ? g : T{0};
      if constexpr (Adds && Relu) dy[k] = g;
      s.g += g;
      s.product += g * distance;
    }
    return s;
  }

  /// dz in the place of z, where the mean of g is `g_mean` and that of g (z - mean), over var +
  /// eps, is `product_mean`.
  TNN_ONE_COPY static void make_dz(const norm_of& n, std::int64_t c, T g_mean, T product_mean,
                                   const T* dy, T* z) {
    const T mean = n.mean[c], factor = n.factor(c), bias = n.bias[c];
    for (int k = 0; k < places; ++k) {
      const T distance = z[k] - mean;
      T g = dy[k];
      if constexpr (Relu && !Adds) g = distance * factor + bias > T{0} ? g : T{0};
      z[k] = factor * (g - g_mean - distance * product_mean);
    }
  }
};

}  // namespace tnn::detail
