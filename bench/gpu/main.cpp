// bench_gpu: AlexNet's speed on a CUDA device, in the lines of bench/peers/pytorch.py, or
// the times of its parts.
#include <cstdio>
#include <exception>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "measure.hpp"

namespace {

struct options {
  std::vector<std::string> modes{"train", "infer"}, precisions{"fp32", "tf32", "bf16"};
  std::vector<int> batches{1, 32, 128, 512};
  double seconds = 0.4;
  bool parts = false, profile = false;
};

void print(const nlohmann::ordered_json& line) {
  std::printf("%s\n", line.dump().c_str());
  std::fflush(stdout);
}

void print_speeds(const gpu::setting& s, double seconds) {
  const nlohmann::ordered_json about{{"peer", "tnn"},
                                     {"setting", s.precision},
                                     {"mode", s.train ? "train" : "infer"},
                                     {"batch", s.batch}};
  const auto line = [&](const char* data, const gpu::measured& m) {
    nlohmann::ordered_json all = about;
    all["data"] = data;
    all["runs"] = m.runs;
    all["milliseconds"] = m.milliseconds;
    all["images_per_second"] = 1000 * s.batch / m.milliseconds;
    print(all);
  };
  try {
    const gpu::speeds found = gpu::measure(s, seconds);
    line("resident", found.resident);
    line("copied", found.copied);
  } catch (const std::exception& failure) {
    nlohmann::ordered_json all = about;
    all["error"] = failure.what();
    print(all);
  }
}

void print_parts(const gpu::setting& s) {
  std::printf("\n%s, %s, batch %d\n%10s  part\n", s.precision.c_str(), s.train ? "train" : "infer",
              s.batch, "ms");
  double all = 0;
  for (const gpu::part& p : gpu::parts(s)) {
    std::printf("%10.4f  %*s%s\n", p.milliseconds, 2 * p.depth, "", p.name.c_str());
    if (p.depth == 0) all += p.milliseconds;
  }
  std::printf("%10.4f  all layers\n", all);
  std::fflush(stdout);
}

void run(const options& o) {
  gpu::require_device();
  for (const std::string& mode : o.modes)
    for (const int batch : o.batches)
      for (const std::string& precision : o.precisions) {
        const gpu::setting s{precision, mode == "train", batch};
        if (o.profile) {
          gpu::profiled(s);
        } else if (o.parts) {
          print_parts(s);
        } else {
          print_speeds(s, o.seconds);
        }
      }
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"AlexNet's speed on the first CUDA device: a line of JSON for each setting"};
  options o;
  app.add_option("--mode", o.modes, "train, infer")
      ->check(CLI::IsMember({"train", "infer"}))
      ->capture_default_str();
  app.add_option("--precision", o.precisions, "fp32, tf32, bf16")
      ->check(CLI::IsMember({"fp32", "tf32", "bf16"}))
      ->capture_default_str();
  app.add_option("--batch", o.batches, "Images a step")
      ->check(CLI::Range(1, 65536))
      ->capture_default_str();
  app.add_option("--seconds", o.seconds, "How long to measure each")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_flag("--parts", o.parts, "Times of the layers and their parts instead");
  app.add_flag("--profile", o.profile,
               "One run of each between cudaProfilerStart and Stop, and nothing measured");
  CLI11_PARSE(app, argc, argv);
  try {
    run(o);
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "bench_gpu: %s\n", failure.what());
    return 1;
  }
}
