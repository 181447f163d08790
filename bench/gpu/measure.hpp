#pragma once
// What bench_gpu measures of AlexNet on the first CUDA device. Times are milliseconds by CUDA
// events.
#include <string>
#include <string_view>
#include <vector>

namespace gpu {

struct setting {
  std::string precision;  ///< fp32, tf32 or bf16
  bool train = false;
  int batch = 1;
};

struct measured {
  std::size_t runs = 0;
  double milliseconds = 0;  ///< of one step or forward, the median
};

struct speeds {
  /// The images lie on the device, and each run begins when the device is idle. A run includes one
  /// copy on the device, into the place of the input.
  measured resident;
  /// The images lie in the host's pinned memory and travel in each run; inference brings the logits
  /// back. Five runs are queued one after the other and timed together.
  measured copied;
};

/// tnn::error where there is no device that can be used.
void require_device();

/// Each of the two is measured for so many seconds, and at least five times.
speeds measure(const setting& s, double seconds);

struct part {
  std::string name;
  int depth = 0;  ///< 1: within the last one of depth 0
  double milliseconds = 0;
};

/// Each layer's passes and their parts, medians of ten runs without graphs. A short part's time
/// includes what the host takes to launch it.
std::vector<part> parts(const setting& s);

/// One run without graphs, for a profiler that waits for cudaProfilerStart.
void profiled(const setting& s);

}  // namespace gpu
