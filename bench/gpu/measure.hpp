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
  double milliseconds = 0;  ///< a step or a forward, the median
};

/// tnn::error where there is no device that can be used.
void require_device();

/// The images lie on the device: a copy there into the place of the input is part of a run. Runs go
/// on for some seconds; at least five are timed, each begun when the device is idle.
measured resident(const setting& s, double seconds);

/// The images lie in the host's pinned memory and travel, those of a step while the step before it
/// is worked on; inference also brings the logits back. Five runs in a row are timed together.
measured copied(const setting& s, double seconds);

struct part {
  std::string name;
  int depth = 0;  ///< 1: within the last one of depth 0
  double milliseconds = 0;
};

/// Each layer's passes and their parts, medians of ten runs that are told anew.
std::vector<part> parts(const setting& s);

/// One run, told anew, for a profiler that waits for cudaProfilerStart.
void profiled(const setting& s);

}  // namespace gpu
