// A log of steps, drawn as a curve. Drawing takes most of the time, so only short ones are.
#include "fuzz.hpp"

#include "alexnet/run_log.hpp"

void read_input(const std::filesystem::path& file) {
  const auto curve = program::read_curve(file);
  if (curve.empty() || curve.size() > 4) return;
  static const std::filesystem::path picture =
      std::filesystem::temp_directory_path() / ("tnn-fuzz-" + std::to_string(getpid()) + ".png");
  pictures::draw_loss_curve(picture, curve);
  std::filesystem::remove(picture);
}
