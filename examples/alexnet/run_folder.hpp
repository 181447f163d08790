#pragma once
// The folder of a run: last.safetensors (checkpoint), best.safetensors (weights alone),
// metrics.jsonl (a line an epoch), steps.jsonl (a line every few steps); after losses that speak of
// divergence also previous.safetensors (the checkpoint from before). It is held open and locked:
// moved to another place it stays this run's, and what takes its old place is not touched.
#include <cstdint>
#include <filesystem>

#include <nlohmann/json.hpp>

#include <tnn/files/posix_file.hpp>

namespace program {

/// What a training begins with.
enum class beginning { anew, from_last, from_previous };

class run_folder {
 public:
  /// Opens the folder, and makes it for a run that begins anew. tnn::error if it cannot be made, is
  /// no folder, cannot be written or is another training's at this moment; or if it lacks what the
  /// run is to begin with, or holds a run that one begun anew would replace.
  run_folder(const std::filesystem::path& folder, beginning how);

  /// Where it is at this moment.
  std::filesystem::path path() const { return folder_.path(); }
  tnn::detail::file_place last() const { return {folder_, last_name}; }
  tnn::detail::file_place best() const { return {folder_, best_name}; }
  tnn::detail::file_place previous() const { return {folder_, previous_name}; }
  bool has_last() const { return folder_.holds(last_name); }
  bool has_best() const { return folder_.holds(best_name); }
  bool has_previous() const { return folder_.holds(previous_name); }

  /// last.safetensors stays as previous.safetensors too when the next checkpoint replaces it.
  void keep_last() const;
  /// previous.safetensors takes the place of last.safetensors.
  void go_back() const;
  void drop_previous() const;

  void add_epoch(const nlohmann::ordered_json& line) { append("metrics.jsonl", line); }
  void add_step(const nlohmann::ordered_json& line) { append("steps.jsonl", line); }

  /// tnn::error where the disk lacks room for a checkpoint of so many bytes beside the one that it
  /// will replace, and for half as many of weights.
  void require_space(std::uintmax_t checkpoint_bytes) const;

  /// Forgets what was logged after a checkpoint: epochs after `epoch`, steps after `step`.
  void rewind(std::int64_t epoch, std::int64_t step);

 private:
  static constexpr const char* last_name = "last.safetensors";
  static constexpr const char* best_name = "best.safetensors";
  static constexpr const char* previous_name = "previous.safetensors";

  void require_contents(beginning how) const;
  void append(const char* file, const nlohmann::ordered_json& line) const;
  void keep(const char* file, const char* key, std::int64_t up_to) const;

  tnn::detail::held_folder folder_;
};

}  // namespace program
