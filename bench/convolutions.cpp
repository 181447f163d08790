// convolutions: how much faster than the direct formula Cpu's other ways of a Conv2d are, by
// geometry: the measured reasons of the thresholds in layers/conv2d/cpu.hpp. A row is a geometry
// and a batch. Its columns: the way that cpu.hpp takes; direct's milliseconds; direct's time as a
// multiple of each other way's; the same of a step of training (forward and both gradients). The
// ways are called in turn, and the median of at least 7 turns counts.
#include <cstdio>
#include <vector>

#include <tnn/cpu.hpp>

#include "median.hpp"
#include "on_cpu.hpp"

namespace {

using namespace tnn;

template <int C, int Size, int F, int K, int S = 1, int P = K / 2>
struct geometry {
  static constexpr int channels = C, size = Size, filters = F, kernel = K, stride = S;
  using X = Shape<C, Size, Size>;
  static constexpr int out = (Size + 2 * P - K) / S + 1;
  using Y = Shape<F, out, out>;
  using L = Conv2d<F, Kernel<K>, Stride<S>, Padding<P>>;
  using tail = detail::no_tail<float, Y>;
  using direct = detail::direct_convolution<float, L, X, Y, tail>;
  using narrow = detail::narrow_convolution<float, L, X, Y, tail>;
  using winograd = winograd_convolution<float, L, X, Y, tail>;
  using taken = cpu_convolution<Cpu, float, L, X, Y, tail>;
  static constexpr bool winograd_fits = S == 1 && (K == 3 || K == 5);
  static constexpr const char* way = taken::by_winograd ? "winograd"
                                     : taken::by_lanes  ? "narrow"
                                                        : "direct";
};

/// Memory of a batch of a geometry, for all ways.
template <class G>
struct problem {
  static constexpr std::int64_t weights = std::int64_t{G::L::filters} * G::direct::taps;
  Cpu::Buffer<float> x, y, dx, dy, w, dw, scratch;
  pass<float, bound<typename G::L, typename G::X, typename G::Y>> p;

  static std::int64_t most_scratch(int batch, int threads) {
    const std::int64_t direct = G::direct::scratch(batch, threads, mode::train);
    const std::int64_t narrow = G::narrow::scratch(batch, threads, mode::train);
    std::int64_t most = direct > narrow ? direct : narrow;
    if constexpr (G::winograd_fits) {
      const std::int64_t winograd = G::winograd::scratch(batch, threads, mode::train);
      most = winograd > most ? winograd : most;
    }
    return most;
  }
  problem(Cpu& cpu, int batch)
      : x(filled(cpu, batch * std::int64_t{G::X::size})),
        y(filled(cpu, batch * std::int64_t{G::Y::size})),
        dx(filled(cpu, batch * std::int64_t{G::X::size})),
        dy(filled(cpu, batch * std::int64_t{G::Y::size})),
        w(filled(cpu, weights + G::L::filters)),
        dw(filled(cpu, weights + G::L::filters)),
        scratch(filled(cpu, most_scratch(batch, cpu.thread_count()))) {
    p.batch = batch;
    p.x = x.data(), p.y = y.data(), p.dx = dx.data(), p.dy = dy.data();
    p.values[0] = w.data(), p.gradients[0] = dw.data();
    p.values[1] = w.data() + weights, p.gradients[1] = dw.data() + weights;
    p.scratch = scratch.data();
  }
  template <class Way>
  double run(Cpu& cpu, mode m) {
    p.mode = m;
    const double began = seconds();
    Way::forward(cpu, p, detail::tail_values<float>{});
    if (m == mode::train) Way::backward(cpu, p);
    return seconds() - began;
  }
};

template <class G>
void measure(Cpu& cpu, int batch) {
  problem<G> problem(cpu, batch);
  std::printf("%4d %4d %4d %2d %2d %5d  %-8s", G::channels, G::size, G::filters, G::kernel,
              G::stride, batch, G::way);
  for (const mode m : {mode::infer, mode::train}) {
    std::vector<double> direct, narrow, winograd;
    const double began = seconds();
    for (int turn = 0; turn < 8 || (seconds() - began < 0.2 && turn < 200); ++turn) {
      const double d = problem.template run<typename G::direct>(cpu, m);
      const double n = problem.template run<typename G::narrow>(cpu, m);
      double w = 0;
      if constexpr (G::winograd_fits) w = problem.template run<typename G::winograd>(cpu, m);
      if (turn == 0) continue;  // its memory was not in the caches
      direct.push_back(d), narrow.push_back(n), winograd.push_back(w);
    }
    const double d = median(direct);
    std::printf(" %9.3f %6.2f", 1e3 * d, d / median(narrow));
    if (G::winograd_fits)
      std::printf(" %6.2f", d / median(winograd));
    else
      std::printf(" %6s", "");
  }
  std::printf("\n");
}

template <class... Geometries>
void measure_all(Cpu& cpu) {
  for (const int batch : {1, 16}) (measure<Geometries>(cpu, batch), ...);
}

}  // namespace

int main() {
  Cpu cpu;
  std::printf("%d threads, vectors of %d floats\n", cpu.thread_count(), simd::lanes<float>);
  std::printf(
      "%s\n",
      "   C size    F  k  s batch  takes    infer ms narrow winogr  train ms narrow winogr");
  // Few channels, as in a first layer.
  measure_all<geometry<1, 28, 8, 3>, geometry<1, 28, 32, 3>, geometry<1, 28, 6, 5>,
              geometry<3, 32, 16, 3>, geometry<3, 32, 32, 3>, geometry<3, 32, 64, 3>,
              geometry<3, 224, 64, 3>, geometry<3, 224, 32, 3, 2>, geometry<3, 224, 64, 7, 2>,
              geometry<3, 224, 64, 11, 4, 2>, geometry<1, 224, 96, 11, 4, 1>,
              geometry<3, 600, 64, 7, 2>, geometry<3, 512, 32, 3, 2>>(cpu);
  // Between few and many.
  measure_all<geometry<4, 28, 32, 3>, geometry<8, 28, 32, 3>, geometry<8, 28, 8, 3>,
              geometry<8, 28, 16, 3>, geometry<16, 28, 16, 3>, geometry<16, 28, 32, 3>,
              geometry<16, 28, 64, 3>, geometry<24, 28, 32, 3>, geometry<32, 28, 16, 3>,
              geometry<32, 28, 32, 3>, geometry<32, 28, 64, 3>, geometry<48, 28, 48, 3>,
              geometry<64, 28, 64, 3>, geometry<16, 28, 32, 5>, geometry<32, 28, 32, 5>,
              geometry<24, 28, 64, 5>>(cpu);
  // Other images, strides and kernels of one value.
  measure_all<geometry<16, 112, 32, 3>, geometry<16, 14, 32, 3>, geometry<32, 14, 32, 3>,
              geometry<32, 7, 32, 3>, geometry<32, 56, 32, 3>, geometry<64, 56, 64, 3>,
              geometry<64, 14, 64, 3>, geometry<128, 14, 128, 3>, geometry<128, 7, 128, 3>,
              geometry<256, 7, 256, 3>, geometry<16, 28, 32, 3, 2>, geometry<32, 28, 64, 3, 2>,
              geometry<64, 28, 128, 3, 2>, geometry<16, 28, 32, 1>, geometry<16, 28, 64, 1>,
              geometry<64, 28, 64, 1>>(cpu);
  // Tiles of 4 x 4 that reach past the image: of side 3, 6 and 9 Winograd has 2.25 times fewer
  // multiplications, of side 5 1.56 times, of side 2 as many as the formula.
  measure_all<geometry<64, 2, 64, 3>, geometry<64, 3, 64, 3>, geometry<64, 5, 64, 3>,
              geometry<64, 6, 64, 3>, geometry<64, 9, 64, 3>, geometry<256, 2, 256, 3>,
              geometry<256, 3, 256, 3>, geometry<256, 5, 256, 3>, geometry<256, 6, 256, 3>,
              geometry<64, 2, 64, 5>>(cpu);
}
