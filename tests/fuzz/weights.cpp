// A whole safetensors file: every tensor of it is read, and then it is loaded as a network's.
#include "fuzz.hpp"

#include <cmath>

#include <tnn/io/weights.hpp>
#include <tnn/reference.hpp>
#include "small_model.hpp"

void read_input(const std::filesystem::path& file) {
  const tnn::SafetensorsFile tensors(file);
  for (const std::string& name : tensors.names()) {
    const tnn::TensorInfo& info = tensors.info(name);
    std::size_t count = 1;
    for (const std::int64_t extent : info.shape) count *= static_cast<std::size_t>(extent);
    std::vector<float> values(count);
    if (info.dtype == "F32" || info.dtype == "F64" || info.dtype == "F16" || info.dtype == "BF16")
      tensors.read(name, values);
  }
  tnn::Model<fuzz_net, tnn::Reference> model;
  tnn::load(model, file);
  std::vector<float> bias(2);
  model.read("1.bias", bias);
  require(std::isfinite(bias[0]) && std::isfinite(bias[1]), "weights are finite");
}
