// The options that a checkpoint's metadata name, and whether they are the run's. The input
// is the header.
#include "fuzz.hpp"

#include "alexnet/run_identity.hpp"
#include "safetensors_bytes.hpp"

void read_input(const std::filesystem::path& header) {
  static const program::data_facts data{"input", "0123abcd", 20, 1};
  const tnn::SafetensorsFile checkpoint(with_length_and_data(header, 0));
  program::train_options options;
  program::adopt_run_options(options, checkpoint);
  require(options.batch >= 1 && options.limit >= 0 && options.momentum < 1,
          "options are what the command line takes");
  for (const double deviation : options.pixels.deviation)
    require(deviation > 0, "options are what the command line takes");
  tnn::require_same_run(checkpoint, program::run_identity(options, data));
}
