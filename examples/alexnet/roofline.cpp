#include "roofline.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <boost/hana/for_each.hpp>

#include <tnn/alexnet.hpp>
#include <tnn/core/error.hpp>
#include <tnn/core/summary.hpp>

namespace program {
namespace {

struct work {
  double flops = 0, bytes = 0;
};

constexpr double value = sizeof(float);

/// A product reads its operands and writes its result once. Backward has two of them, but for the
/// first layer's one. Other layers read what arrives and write what leaves, there and back, and
/// compute what is too little to count.
template <class Bound>
work of_layer(int batch, bool first) {
  if (std::is_same_v<typename Bound::layer, tnn::Flatten>) return {};  // the same values
  const double macs = static_cast<double>(Bound::multiply_adds) * batch;
  const double in = static_cast<double>(Bound::input::size) * batch * value;
  const double out = static_cast<double>(Bound::output::size) * batch * value;
  const double weights =
      static_cast<double>(tnn::detail::size_of_parameters<typename Bound::parameters>) * value;
  if (macs == 0) return {0, 2 * (in + out)};
  const int products = first ? 2 : 3;  // x -> y; x, dy -> dw; w, dy -> dx
  return {products * 2 * macs, products * (in + out + weights)};
}

void print_row(const paper_device& d, const std::string& name, const work& w) {
  const double compute = w.flops / d.teraflops / 1e9,
               memory = w.bytes / d.gigabytes_per_second / 1e6;
  fmt::print("{:52} {:>9.2f} {:>9.1f} {:>9.1f} {:>9.3f}  {}\n", name, w.flops / 1e9, w.bytes / 1e6,
             w.bytes > 0 ? w.flops / w.bytes : 0, std::max(compute, memory),
             compute > memory ? "arithmetic" : "memory");
}

}  // namespace

const std::vector<paper_device>& paper_devices() {
  // NVIDIA's data sheets: T4 (2019), A100 80GB SXM (2021), RTX 4090 (2022), H100 SXM (2023). AMD's:
  // EPYC 9124 and 9554 (2022), cores x base clock x 32 operations a cycle (two 256-bit
  // multiply-adds), 12 channels of DDR5-4800.
  static const std::vector<paper_device> all{{"t4", "NVIDIA T4", 8.1, 320},
                                             {"a100", "NVIDIA A100 80GB SXM", 19.5, 2039},
                                             {"rtx4090", "NVIDIA GeForce RTX 4090", 82.6, 1008},
                                             {"h100", "NVIDIA H100 SXM", 66.9, 3350},
                                             {"epyc16", "AMD EPYC 9124, 16 cores", 1.54, 460.8},
                                             {"epyc64", "AMD EPYC 9554, 64 cores", 6.35, 460.8}};
  return all;
}

void print_roofline(const std::string& device, int batch) {
  const auto found = std::find_if(paper_devices().begin(), paper_devices().end(),
                                  [&](const paper_device& d) { return d.name == device; });
  if (found == paper_devices().end()) {
    std::string known;
    for (const paper_device& d : paper_devices()) known += " " + d.name;
    throw tnn::error("--roofline " + device + ": expected one of" + known);
  }
  const paper_device& d = *found;
  fmt::print("a training step of batch {} on paper: {}, {} TFLOP/s float, {} GB/s\n", batch,
             d.title, d.teraflops, d.gigabytes_per_second);
  fmt::print("{:52} {:>9} {:>9} {:>9} {:>9}  {}\n", "layer", "GFLOP", "MB", "FLOP/byte", "ms",
             "bound by");
  double least = 0;
  const auto row = [&](const std::string& name, const work& w) {
    print_row(d, name, w);
    least += std::max(w.flops / d.teraflops / 1e9, w.bytes / d.gigabytes_per_second / 1e6);
  };
  bool first = true;
  boost::hana::for_each(
      tnn::detail::layer_tuple(tnn::layers_t<tnn::AlexNet<>>{}), [&](auto placed) {
        using bound = typename decltype(placed)::type;
        const tnn::detail::text layer = tnn::detail::type_name<typename bound::layer>();
        row(std::string(layer.characters, layer.length), of_layer<bound>(batch, first));
        first = false;
      });
  // Reads weight, gradient and momentum, writes weight and momentum: 5 values, 4 operations a
  // parameter.
  const double parameters = static_cast<double>(tnn::parameter_count<tnn::AlexNet<>>);
  row("SGD", {4 * parameters, 5 * parameters * value});
  fmt::print(
      "at least {:.2f} ms a step: at most {:.0f} images/s, by the direct formula (Winograd needs "
      "fewer operations)\n",
      least, 1000 * batch / least);
}

}  // namespace program
