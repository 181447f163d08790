// The program's commands on the Cuda backend.
#include <tnn/cuda.cuh>

#include "commands.hpp"

program::device program::cuda_device() {
  return with_colour_on("cuda", [](int, precision_kind precision) {
    // Of the same names in the same order.
    return tnn::Cuda{.precision = static_cast<tnn::cuda_precision>(precision)};
  });
}
