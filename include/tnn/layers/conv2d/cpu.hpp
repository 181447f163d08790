#pragma once
// Conv2d on Cpu, with what follows it: a ReLU, or a ReLU and a MaxPool2d; or (cpu_normed.hpp) a
// BatchNorm2d, a Residual's sum behind that, and a ReLU. Its ways, the first that fits is taken:
//   file               where                               why
//   cpu_winograd.hpp   3 x 3 or 5 x 5, stride 1, at least  a quarter to a half of the
//                      16 channels and filters a group,    multiplications: 1.3 to 8 times the
//                      but not on DirectCpu                formula's speed, with AVX2 1.2 to 4
//   cpu_narrow.hpp     at most 32 channels, at least 16    no patches in memory, which are many
//                      filters, one group, kernels at      times the image: 1.1 to 3.8 times, with
//                      least 3 wide, at most 128 x 128     AVX2 0.9 to 1.5; on 224 x 224 places
//                      places                              0.8 to 1.4, with 8 filters 0.8 to 1.4
//   cpu_direct.hpp     all else                            the formula, as products of matrices
// The figures are bench/convolutions.cpp's (Zen 5, 2 threads, batches 1 and 16, inference and
// training). The batch chooses no file, but part of a method: where Winograd transforms filters
// (layout::once), what the narrow way does side by side, how many images make a group whose weight
// gradients are summed. Cuda has one method, three products: conv2d/cuda.cuh.
#include <tnn/layers/batchnorm/affine.hpp>
#include <tnn/layers/conv2d/cpu_direct.hpp>
#include <tnn/layers/conv2d/cpu_images.hpp>
#include <tnn/layers/conv2d/cpu_narrow.hpp>
#include <tnn/layers/conv2d/cpu_normed.hpp>
#include <tnn/layers/conv2d/cpu_winograd.hpp>

namespace tnn {

/// Whether Winograd is taken: where it fits, with at least 16 channels and filters, and with at
/// most half of the formula's multiplications, although its tiles of 4 x 4 reach past the image.
/// Half is a compromise. Kernels of 3 x 3 on images of side 5 have 1.56 times fewer: Winograd then
/// takes about the formula's time at batch 1 (0.9 to 1.2 times its speed), and has 1.4 to 6.6 times
/// its speed at batch 16. On side 3, with 2.25 times fewer, it has 0.5 to 1.1 times its speed at
/// batch 1, and 4.6 to 17 times at batch 16. (64 and 256 channels, with AVX2 and AVX-512, on a
/// machine that had other work, too.)
template <class L, class X, class Y>
constexpr bool winograd_pays() {
  using G = detail::conv2d_geometry<L, X, Y>;
  constexpr int r = G::kh;
  constexpr bool fits = G::sh == 1 && G::sw == 1 && G::down == 1 && G::across == 1 && G::kw == r &&
                        (r == 3 || r == 5) && G::ph < r && G::pw < r;
  constexpr std::int64_t tiles =
      std::int64_t{detail::ceil_div(G::rows, 4)} * detail::ceil_div(G::columns, 4);
  return fits && G::channels >= 16 && G::filters >= 16 &&
         std::int64_t{G::places} * r * r >= 2 * tiles * (r + 3) * (r + 3);
}

template <class L, class X, class Y>
constexpr bool narrow_pays() {
  using G = detail::conv2d_geometry<L, X, Y>;
  return G::groups == 1 && G::channels <= 32 && G::filters >= 16 && G::kw >= 3 &&
         G::places <= (1 << 14);
}

template <class T, class L, class X, class Y, class Tail>
struct winograd_convolution : detail::conv2d_geometry<L, X, Y> {
  using G = detail::conv2d_geometry<L, X, Y>;
  using G::groups, G::filters, G::channels, G::height, G::width, G::rows, G::columns;
  static constexpr int r = G::kh;
  static constexpr std::int64_t weights = std::int64_t{filters} * G::taps;
  using method = detail::winograd<T, 4, r>;
  using layout = typename method::layout;
  using sides = detail::cpu_sides<T, L, X, Y, Tail>;

  static constexpr layout there(std::int64_t batch) {
    return {{channels, height, width, filters, rows, columns, G::ph, G::pw}, batch, Tail::spare};
  }
  /// The data gradient's: from dy to dx.
  static constexpr layout back(std::int64_t batch) {
    return {{filters, rows, columns, channels, height, width, r - 1 - G::ph, r - 1 - G::pw},
            batch,
            Tail::spare};
  }
  static constexpr std::int64_t scratch(std::int64_t batch, int threads, mode m) {
    std::int64_t most = there(batch).product_scratch(threads, batch);
    if (m == mode::infer) return most;
    for (const std::int64_t one : {there(batch).gradient_scratch(threads, batch),
                                   back(batch).product_scratch(threads, batch)})
      most = one > most ? one : most;
    return most;
  }
  static void forward(Cpu& cpu, const auto& p, const detail::tail_values<T>& tail) {
    for (int g = 0; g < groups; ++g)
      method::product(cpu, there(p.batch), p.batch, sides::x(p, g),
                      p.get(tensor_name::weight{}) + g * weights, false,
                      detail::bias_from(p.find(tensor_name::bias{}), g * filters),
                      sides::y(p, g, tail), p.scratch);
  }
  static void backward(Cpu& cpu, const auto& p) {
    for (int g = 0; g < groups; ++g) {
      method::weight_gradient(cpu, there(p.batch), p.batch, sides::x(p, g), sides::dy(p, g),
                              p.gradient(tensor_name::weight{}) + g * weights,
                              detail::bias_from(p.find_gradient(tensor_name::bias{}), g * filters),
                              p.scratch);
      if (p.dx != nullptr)
        method::product(cpu, back(p.batch), p.batch, sides::dy(p, g),
                        p.get(tensor_name::weight{}) + g * weights, true, nullptr, sides::dx(p, g),
                        p.scratch);
    }
  }
};

template <class B, class T, class L, class X, class Y, class Tail>
struct cpu_convolution : compute_base {
  static constexpr bool by_winograd = B::winograd && winograd_pays<L, X, Y>();
  static constexpr bool by_lanes = by_winograd || narrow_pays<L, X, Y>();
  using method =
      std::conditional_t<by_winograd, winograd_convolution<T, L, X, Y, Tail>,
                         std::conditional_t<by_lanes, detail::narrow_convolution<T, L, X, Y, Tail>,
                                            detail::direct_convolution<T, L, X, Y, Tail>>>;
  static constexpr bool backward_reads_x = true, backward_reads_y = Tail::reads_y;
  static constexpr bool takes_y_stride = true;
  static constexpr std::int64_t saved = Tail::saved;

  static constexpr std::int64_t scratch(std::int64_t batch, int threads, mode m) {
    return method::scratch(batch, threads, m);
  }
  static void forward(B& cpu, const auto& p, const detail::tail_values<T>& tail = {}) {
    method::forward(cpu, p, tail);
  }
  static void backward(B& cpu, const auto& p) { method::backward(cpu, p); }
};

template <CpuBackend B, class T, int F, class... O, class X, class Y>
struct compute<B, T, bound<Conv2d<F, O...>, X, Y>>
    : cpu_convolution<B, T, Conv2d<F, O...>, X, Y, detail::no_tail<T, Y>> {};

template <CpuBackend B, class T, int F, class... O, class X, class Y>
struct compute<B, T, bound<Conv2d<F, O...>, X, Y>, bound<ReLU, Y, Y>>
    : cpu_convolution<B, T, Conv2d<F, O...>, X, Y, detail::relu_tail<T, Y>> {};

template <CpuBackend B, class T, int F, class... O, class... P, class X, class Y, class Z>
requires(cpu_convolution<B, T, Conv2d<F, O...>, X, Y, detail::no_tail<T, Y>>::
             by_lanes) struct compute<B, T, bound<Conv2d<F, O...>, X, Y>, bound<ReLU, Y, Y>,
                                      bound<MaxPool2d<P...>, Y, Z>>
    : cpu_convolution<B, T, Conv2d<F, O...>, X, Y,
                      detail::pool_tail<T, Y, MaxPool2d<P...>, Z, Conv2d<F, O...>::groups>> {
};

// With a BatchNorm2d, and what may follow that.
template <CpuBackend B, class T, int F, class... O, class... N, class X, class Y, class... Behind>
requires(detail::follows_norm<Behind...>) struct compute<B, T, bound<Conv2d<F, O...>, X, Y>,
                                                         bound<BatchNorm2d<N...>, Y, Y>, Behind...>
    : detail::normed_cpu_convolution<
          T, BatchNorm2d<N...>, Y,
          cpu_convolution<B, T, Conv2d<F, O...>, X, Y,
                          detail::norm_tail<T, Y, detail::is_behind<Sum, Behind...>,
                                            detail::is_behind<ReLU, Behind...>>>,
          cpu_convolution<B, T, Conv2d<F, O...>, X, Y, detail::moments_tail<T, Y>>,
          detail::is_behind<Sum, Behind...>, detail::is_behind<ReLU, Behind...>> {
};

}  // namespace tnn
