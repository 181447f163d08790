// layers [NET] [BATCH] [THREADS] [--markdown]: a table of the steps of alexnet or resnet18 on Cpu
// in training: milliseconds of forward and backward (medians), their GFLOP/s by the textbook count
// (two a multiply-add of the direct formula), and that as a share of the multiply-add peak measured
// in the same run. Winograd's share may exceed 1.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/hana/for_each.hpp>

#include <tnn/alexnet.hpp>
#include <tnn/cpu.hpp>
#include <tnn/resnet.hpp>
#include <tnn/train/optimizer.hpp>
#include <tnn/train/sgd.hpp>

#include "median.hpp"
#include "on_cpu.hpp"

namespace {

using tnn::Cpu;

/// Seconds of the median call, of at least five and at least 0.3 s of them.
template <class Call>
double median_time(Call call) {
  call();
  std::vector<double> all;
  for (const double began = seconds(); all.size() < 5 || seconds() - began < 0.3;) {
    const double at = seconds();
    call();
    all.push_back(seconds() - at);
  }
  return median(std::move(all));
}

/// Multiply-adds that never leave the registers, on all threads: the most of several tries.
double peak_gflops(Cpu& cpu) {
  constexpr int chains = 16, times = 1 << 20;
  using V = tnn::simd::vector<float>;
  double best = 0;
  for (int attempt = 0; attempt < 5; ++attempt) {
    const double at = seconds();
    cpu.parallel(cpu.thread_count(), [&](std::int64_t, int) {
      V sum[chains], factor = V{} + 0.999f, more = V{} + 0.001f;
      for (int c = 0; c < chains; ++c) sum[c] = V{} + static_cast<float>(c);
      for (int i = 0; i < times; ++i) {
        asm volatile("" : "+x"(factor), "+x"(more));
        for (V& s : sum) s = s * factor + more;
      }
      for (V& s : sum) asm volatile("" : "+x"(s));
    });
    const double flops = 2.0 * chains * times * sizeof(V) / sizeof(float) * cpu.thread_count();
    best = std::max(best, flops / (seconds() - at) / 1e9);
  }
  return best;
}

/// The layers of a step.
template <class... Bounds>
std::string names(tnn::detail::list<Bounds...>) {
  std::string all;
  for (const auto& n : {tnn::detail::type_name<typename Bounds::layer>()...})
    all += (all.empty() ? "" : ", ") + std::string(n.characters, n.length);
  return all;
}

template <class Net>
void print_table(int batch, int threads, bool markdown) {
  Cpu cpu{threads}, one_core{1};
  const double peak = peak_gflops(cpu);
  std::printf("batch %d, %d threads, multiply-add peak %.1f GFLOP/s, of one core %.1f\n\n", batch,
              cpu.thread_count(), peak, peak_gflops(one_core));
  const char* const heads =
      markdown ? "| %s | %s | %s | %s | %s | %s | %s |\n|---|---|---|---|---|---|---|\n"
               : "%-66s %10s %8s %6s %11s %8s %6s\n";
  const char* const row = markdown ? "| %d %s | %.2f | %.1f | %.2f | %.2f | %.1f | %.2f |\n"
                                   : "%2d  %-62s %10.2f %8.1f %6.2f %11.2f %8.1f %6.2f\n";
  std::printf(heads, "layer", "forward ms", "GFLOP/s", "share", "backward ms", "GFLOP/s", "share");
  double total_forward = 0, total_backward = 0;
  const auto settings = tnn::SGD{1e-4, 0.9, 5e-4}.settings<float>(0);
  const std::uint32_t number = 0;
  constexpr std::int64_t n = tnn::detail::parameter_arena<Net>;
  auto w = filled(cpu, n, 0.05f), dw = filled(cpu, n, 1), v = filled(cpu, n, 1);
  auto buffers = filled(cpu, tnn::detail::buffer_arena<Net> + 1, 1);
  const tnn::detail::arenas<float> tensors{w.data(), buffers.data(), dw.data()};
  boost::hana::for_each(tnn::detail::steps<Net, Cpu, float, tnn::mode::train>::all, [&](auto s) {
    using S = decltype(s);
    using compute = typename S::compute;
    using bound = tnn::detail::nth_t<0, typename S::bounds>;  // its products are all
    constexpr std::int64_t in = bound::input::size, out = S::outputs;
    auto x = filled(cpu, batch * in, 1), y = filled(cpu, batch * out, 1);
    auto dx = filled(cpu, batch * in, 1), dy = filled(cpu, batch * out, 1);
    auto other = filled(cpu, batch * out, 1), dother = filled(cpu, batch * out, 1);
    auto saved = cpu.allocate<std::uint8_t>(batch * compute::saved);
    auto kept = cpu.allocate<float>(compute::kept);
    auto scratch =
        cpu.allocate<float>(compute::scratch(batch, cpu.thread_count(), tnn::mode::train));
    auto p = tnn::detail::pass_with<float, Net, S>(tensors, typename S::bounds{});
    p.batch = batch;
    p.mode = tnn::mode::train;
    p.x = x.data();
    p.y = y.data();
    p.dy = dy.data();
    p.dx = S::index == 0 ? nullptr : dx.data();
    if constexpr (decltype(p)::others > 0) {
      p.other[0] = other.data();
      p.other_gradient[0] = dother.data();
    }
    p.saved = saved.data();
    p.kept = kept.data();
    p.scratch = scratch.data();
    p.step = &number;
    const double forward = median_time([&] { compute::forward(cpu, p); });
    const double backward = median_time([&] { compute::backward(cpu, p); });
    total_forward += forward;
    total_backward += backward;
    const double flops = 2.0 * batch * static_cast<double>(bound::multiply_adds);
    const double f = flops / forward / 1e9, g = (p.dx ? 2 : 1) * flops / backward / 1e9;
    const std::string name = names(typename S::bounds{});
    std::printf(row, static_cast<int>(S::first), name.c_str(), 1e3 * forward, f, f / peak,
                1e3 * backward, g, g / peak);
  });
  const double sgd = median_time([&] {
    cpu.for_each(n, tnn::detail::update_values<tnn::SGD, float>{
                        w.data(), dw.data(), {v.data()}, &settings, nullptr, true, 1});
  });
  std::printf("\nSGD %.2f ms (%.1f GB/s)\n", 1e3 * sgd, 20 * static_cast<double>(n) / sgd / 1e9);
  const double step = total_forward + total_backward + sgd;
  std::printf("forward %.1f ms, backward %.1f ms, a step %.1f ms: %.1f images/s\n",
              1e3 * total_forward, 1e3 * total_backward, 1e3 * step, batch / step);
}

}  // namespace

int main(int argc, char** argv) {
  const bool markdown = argc > 1 && std::string_view(argv[argc - 1]) == "--markdown";
  if (markdown) --argc;
  const std::string_view net = argc > 1 ? argv[1] : "alexnet";
  const int batch = argc > 2 ? std::atoi(argv[2]) : 32, threads = argc > 3 ? std::atoi(argv[3]) : 0;
  if (batch < 1 || (net != "alexnet" && net != "resnet18")) {
    std::fputs("usage: layers [alexnet|resnet18] [BATCH] [THREADS] [--markdown]\n", stderr);
    return 2;
  }
  if (net == "alexnet")
    print_table<tnn::AlexNet<>>(batch, threads, markdown);
  else
    print_table<tnn::ResNet18<>>(batch, threads, markdown);
}
