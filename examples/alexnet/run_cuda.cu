// The program's commands on the Cuda backend.
#include <tnn/cuda.cuh>

#include "commands.hpp"

program::device program::cuda_device() {
  return commands_on("cuda", [](int) { return tnn::Cuda{}; });
}
