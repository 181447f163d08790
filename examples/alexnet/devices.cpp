#include "devices.hpp"

#include <tnn/core/error.hpp>

namespace program {

std::vector<device> devices() {
  std::vector<device> all{reference_device(), cpu_device()};
#ifdef ALEXNET_THRUST
  all.push_back(thrust_device());
#endif
#ifdef ALEXNET_CUDA
  all.push_back(cuda_device());
#endif
  return all;
}

void require_precision(const device& d, precision_kind precision) {
  if (precision != precision_kind::fp32 && !d.precisions)
    throw tnn::error(std::string("--precision ") + name_of(precision) + ": --device " + d.name +
                     " computes in fp32; tf32 and bf16 are for --device cuda");
}

device device_called(const std::string& name) {
  std::string known;
  for (const device& d : devices()) {
    if (d.name == name) return d;
    known += (known.empty() ? "" : ", ") + d.name;
  }
  std::string how;
  if (name == "cuda") how = "; configure with -DTNN_CUDA=ON, which needs nvcc";
  for (const char* system : {"omp", "cpp", "tbb"})
    if (name == std::string("thrust-") + system)
      how = std::string("; configure with -DTNN_THRUST=") + system + " (one system a build)";
  throw tnn::error("--device " + name + ": this program was built with " + known + how);
}

}  // namespace program
