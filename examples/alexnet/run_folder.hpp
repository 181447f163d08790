#pragma once
// The folder of a run: last.safetensors (checkpoint), best.safetensors (weights alone),
// metrics.jsonl (a line an epoch), steps.jsonl (a line every few steps).
#include <cstdint>
#include <filesystem>

#include <nlohmann/json.hpp>

#include <tnn/io/posix_file.hpp>

namespace program {

class run_folder {
 public:
  /// Makes the folder and tries to write into it. tnn::error if it cannot be made, is no folder,
  /// cannot be written or is another training's at this moment; or if it holds a run and `resume`
  /// is false, or none and it is true.
  run_folder(const std::filesystem::path& folder, bool resume);

  std::filesystem::path last() const { return folder_ / "last.safetensors"; }
  std::filesystem::path best() const { return folder_ / "best.safetensors"; }

  void add_epoch(const nlohmann::ordered_json& line) { append("metrics.jsonl", line); }
  void add_step(const nlohmann::ordered_json& line) { append("steps.jsonl", line); }

  /// tnn::error where the disk lacks room for a checkpoint of so many bytes beside the one that it
  /// will replace, and for half as many of weights.
  void require_space(std::uintmax_t checkpoint_bytes) const;

  /// Forgets what was logged after a checkpoint: epochs after `epoch`, steps after `step`.
  void rewind(std::int64_t epoch, std::int64_t step);

 private:
  void append(const char* file, const nlohmann::ordered_json& line) const;
  void keep(const char* file, const char* key, std::int64_t up_to) const;

  std::filesystem::path folder_;
  tnn::detail::file_descriptor lock_;
};

}  // namespace program
