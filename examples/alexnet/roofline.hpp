#pragma once
// A training step on paper: what each layer must compute and move, from the types alone, and the
// least time a device could take for it.
#include <string>
#include <vector>

namespace program {

/// Peaks as its maker states them: float arithmetic without tensor cores, and memory.
struct paper_device {
  std::string name, title;
  double teraflops;
  double gigabytes_per_second;
};

const std::vector<paper_device>& paper_devices();

/// tnn::error where no device has that name.
void print_roofline(const std::string& device, int batch);

}  // namespace program
