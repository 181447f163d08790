#include "fuzz.hpp"

#include <tnn/data/idx.hpp>

void read_input(const std::filesystem::path& file) {
  const tnn::IdxArray array = tnn::read_idx(file);
  std::size_t count = 1;
  for (const int extent : array.extents) count *= static_cast<std::size_t>(extent);
  require(count == array.values.size(), "the extents are of as many values as there are");
}
