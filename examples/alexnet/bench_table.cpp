#include "bench_table.hpp"

#include <thread>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <tnn/core/error.hpp>

#include "devices.hpp"

namespace program {
namespace {

const char* name_of_mode(const bench_options& o) { return o.train ? "training" : "inference"; }

int threads_of(const bench_options& o) {
  return o.threads > 0 ? o.threads : static_cast<int>(std::thread::hardware_concurrency());
}

void print_one(const bench_options& o) {
  const device asked = device_called(o.device);
  require_precision(asked, o.precision);
  const bench_result r = asked.bench(o);
  if (o.json) {
    const nlohmann::ordered_json report{{"device", o.device},
                                        {"precision", name_of(o.precision)},
                                        {"mode", o.train ? "train" : "infer"},
                                        {"batch", o.batch},
                                        {"threads", threads_of(o)},
                                        {"runs", r.runs},
                                        {"images_per_second", r.images_per_second},
                                        {"milliseconds", r.median},
                                        {"gflops", r.gflops}};
    fmt::print("{}\n", report.dump());
    return;
  }
  fmt::print(
      "{}, {}, {}, batch {}, {} threads: {:.1f} images/s, {:.1f} ms a step, {:.1f} GFLOP/s "
      "(median of {}; {:.1f} to {:.1f} ms)\n",
      o.device, name_of(o.precision), name_of_mode(o), o.batch, threads_of(o), r.images_per_second,
      r.median, r.gflops, r.runs, r.least, r.most);
}

/// Naive loops take seconds an image: Reference is measured on one.
bench_options for_device(bench_options o, const device& d) {
  if (d.networks.empty()) o.batch = 1;
  return o;
}

void print_table(bench_options o) {
  fmt::print("{} threads; medians\n{:12} {:9} {:>5} {:>10} {:>12} {:>10} {:>5}\n", threads_of(o),
             "device", "mode", "batch", "images/s", "ms a step", "GFLOP/s", "runs");
  for (const bool train : {false, true})
    for (const device& d : devices()) {
      o.train = train;
      const bench_options asked = for_device(o, d);
      fmt::print("{:12} {:9} {:>5} ", d.name, name_of_mode(asked), asked.batch);
      try {
        require_precision(d, asked.precision);
        const bench_result r = d.bench(asked);
        fmt::print("{:>10.1f} {:>12.1f} {:>10.1f} {:>5}\n", r.images_per_second, r.median, r.gflops,
                   r.runs);
      } catch (const tnn::error& failure) {
        fmt::print("{}\n", failure.what());  // a device that is not here
      }
      std::fflush(stdout);
    }
}

}  // namespace

void print_bench(bench_options options, bool one_mode) {
  if (one_mode) {
    print_one(options);
  } else {
    print_table(std::move(options));
  }
}

}  // namespace program
