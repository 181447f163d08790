// A log of epochs, written again as a resumed run does.
#include "fuzz.hpp"

#include "alexnet/run_log.hpp"

void read_input(const std::filesystem::path& file) {
  std::string kept;
  std::int64_t before = -1;
  for (const program::log_line& line : program::read_log(file, "epoch")) {
    require(line.count > before, "epochs rise");
    before = line.count;
    kept += line.values.dump() + '\n';
  }
}
