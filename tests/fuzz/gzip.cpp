#include "fuzz.hpp"

#include <tnn/files/gzip.hpp>

void read_input(const std::filesystem::path& file) {
  constexpr std::size_t limit = 100'000;
  require(tnn::read_maybe_gzip(file, limit).size() <= limit, "no more than the limit is unpacked");
}
