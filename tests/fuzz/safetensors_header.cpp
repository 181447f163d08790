// The header's text alone, before 8 bytes of data.
#include "fuzz.hpp"

#include <tnn/io/safetensors_header.hpp>

void read_input(const std::filesystem::path& file) {
  constexpr std::uint64_t data_bytes = 8;
  const tnn::SafetensorsHeader header =
      tnn::parse_safetensors_header(bytes_of(file), data_bytes, "input");
  require(header.names.size() == header.tensors.size(), "each tensor is named once");
  std::uint64_t reached = 0;
  for (const std::string& name : header.names) {
    const tnn::TensorInfo& info = header.tensors.at(name);
    require(info.begin == reached && info.end >= info.begin, "tensors follow one another");
    reached = info.end;
  }
  require(reached == data_bytes, "tensors fill the data");
}
