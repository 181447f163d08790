#pragma once
// Conv2d on Cpu: Winograd where it saves at least half of the multiplications and its registers are
// full of channels, the direct formula elsewhere (and everywhere on DirectCpu).
#include <tnn/backend/cpu/array.hpp>
#include <tnn/layers/conv2d/cpu_direct.hpp>
#include <tnn/layers/conv2d/cpu_winograd.hpp>

namespace tnn {

template <class L, class X, class Y>
constexpr bool winograd_pays() {
  using K = typename L::kernel;
  using P = typename L::padding;
  constexpr int r = K::height, rows = Y::extent(1), columns = Y::extent(2);
  constexpr bool fits = std::is_same_v<typename L::stride, Stride<1>> && K::width == r &&
                        (r == 3 || r == 5) && P::height < r && P::width < r;
  constexpr std::int64_t tiles = std::int64_t{(rows + 3) / 4} * ((columns + 3) / 4);
  return fits && X::extent(0) / L::groups >= 16 && L::filters / L::groups >= 16 &&
         std::int64_t{rows} * columns * r * r >= 2 * tiles * (r + 3) * (r + 3);
}

template <class T, class L, class X, class Y>
struct winograd_convolution {
  static constexpr int r = L::kernel::height, groups = L::groups;
  static constexpr int filters = L::filters / groups, channels = X::extent(0) / groups;
  static constexpr std::int64_t weights = std::int64_t{filters} * channels * r * r;
  static constexpr std::int64_t input = X::size / groups, output = Y::size / groups;
  using method = winograd<T, 4, r>;
  using layout = typename method::layout;

  static constexpr layout there(std::int64_t batch) {
    return {{channels, X::extent(1), X::extent(2), filters, Y::extent(1), Y::extent(2),
             L::padding::height, L::padding::width},
            batch};
  }
  /// The data gradient's: from dy to dx.
  static constexpr layout back(std::int64_t batch) {
    return {{filters, Y::extent(1), Y::extent(2), channels, X::extent(1), X::extent(2),
             r - 1 - L::padding::height, r - 1 - L::padding::width},
            batch};
  }
  static constexpr std::int64_t scratch(std::int64_t batch, int threads, mode m) {
    std::int64_t most = there(batch).product_scratch(threads, batch);
    if (m == mode::infer) return most;
    for (const std::int64_t one :
         {there(batch).gradient_scratch(threads), back(batch).product_scratch(threads, batch)})
      most = one > most ? one : most;
    return most;
  }
  static void forward(Cpu& cpu, const pass<T>& p) {
    for (int g = 0; g < groups; ++g)
      method::product(cpu, there(p.batch), p.batch, p.x + g * input, X::size,
                      p.weight + g * weights, false, p.bias + g * filters, p.y + g * output,
                      Y::size, p.scratch);
  }
  static void backward(Cpu& cpu, const pass<T>& p) {
    for (int g = 0; g < groups; ++g) {
      method::weight_gradient(cpu, there(p.batch), p.batch, p.x + g * input, X::size,
                              p.dy + g * output, Y::size, p.dweight + g * weights, p.scratch);
      if (p.dx != nullptr)
        method::product(cpu, back(p.batch), p.batch, p.dy + g * output, Y::size,
                        p.weight + g * weights, true, nullptr, p.dx + g * input, X::size,
                        p.scratch);
    }
  }
};

template <CpuBackend B, class T, int Filters, class... O, class X, class Y>
struct compute<B, T, bound<Conv2d<Filters, O...>, X, Y>> : compute_base {
  using L = Conv2d<Filters, O...>;
  static constexpr bool backward_reads_x = true;
  static constexpr bool by_winograd = B::winograd && winograd_pays<L, X, Y>();
  using method = std::conditional_t<by_winograd, winograd_convolution<T, L, X, Y>,
                                    direct_convolution<T, L, X, Y>>;

  static constexpr std::int64_t scratch(std::int64_t batch, int threads, mode m) {
    return method::scratch(batch, threads, m);
  }
  static void forward(B& cpu, const pass<T>& p) { method::forward(cpu, p); }
  static void backward(B& cpu, const pass<T>& p) {
    method::backward(cpu, p);
    cpu.parallel(Filters, [&](std::int64_t f, int) {
      constexpr std::int64_t places = Y::size / Filters;
      double sum = 0;
      for (int image = 0; image < p.batch; ++image)
        sum += static_cast<double>(array(p.dy + image * Y::size + f * places, places).sum());
      p.dbias[f] = static_cast<T>(sum);
    });
  }
};

}  // namespace tnn
