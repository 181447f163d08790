// The program's commands on the Cpu backend: the one file that sees Eigen.
#include <tnn/cpu.hpp>

#include "commands.hpp"

program::device program::cpu_device() {
  return with_colour_on("cpu", [](int threads) { return tnn::Cpu{.threads = threads}; });
}
