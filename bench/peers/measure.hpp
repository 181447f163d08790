#pragma once
// What the peers' programs share, so that all are timed alike: the options and the last line of
// pytorch.py, images like its, and the median step.
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "../median.hpp"

namespace peer {

struct asked {
  bool train = false;
  int batch = 32;
  int threads = 2;
  double seconds = 10;
  std::string layout;
};

[[noreturn]] inline void usage(const char* program) {
  std::fprintf(stderr,
               "usage: %s --mode train|infer [--batch B] [--threads T] [--seconds S] "
               "[--layout NAME]\n",
               program);
  std::exit(2);
}

inline asked options(int argc, char** argv) {
  asked a;
  bool mode = false;
  if (argc % 2 == 0) usage(argv[0]);
  for (int i = 1; i < argc; i += 2) {
    const std::string_view name = argv[i], value = argv[i + 1];
    if (name == "--mode" && (value == "train" || value == "infer")) {
      a.train = value == "train";
      mode = true;
    } else if (name == "--batch") {
      a.batch = std::atoi(argv[i + 1]);
    } else if (name == "--threads") {
      a.threads = std::atoi(argv[i + 1]);
    } else if (name == "--seconds") {
      a.seconds = std::atof(argv[i + 1]);
    } else if (name == "--layout") {
      a.layout = value;
    } else {
      usage(argv[0]);
    }
  }
  if (!mode || a.batch < 1 || a.threads < 1) usage(argv[0]);
  return a;
}

/// n numbers of [0, 1).
inline std::vector<float> random_values(std::size_t n) {
  std::minstd_rand random(1);
  std::vector<float> values(n);
  for (float& v : values) v = static_cast<float>(random()) / 2147483648.0f;
  return values;
}

/// Calls `once`, which ends when its step has: first untimed, then until the time is over; at least
/// three times, unless steps are so slow that ten times the time passes.
template <class Once>
void report(const char* name, const asked& a, Once once) {
  using clock = std::chrono::steady_clock;
  const auto since = [](clock::time_point at) {
    return std::chrono::duration<double>(clock::now() - at).count();
  };
  once();
  std::vector<double> seconds;
  for (const auto began = clock::now();
       since(began) < a.seconds || (seconds.size() < 3 && since(began) < 10 * a.seconds);) {
    const auto at = clock::now();
    once();
    seconds.push_back(since(at));
  }
  rusage used;
  getrusage(RUSAGE_SELF, &used);
  std::printf(
      "{\"peer\": \"%s\", \"mode\": \"%s\", \"batch\": %d, \"threads\": %d, \"runs\": %zu, "
      "\"images_per_second\": %.3f, \"peak_mb\": %.1f}\n",
      name, a.train ? "train" : "infer", a.batch, a.threads, seconds.size(),
      a.batch / median(seconds), static_cast<double>(used.ru_maxrss) / 1024);
}

}  // namespace peer
