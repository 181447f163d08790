#pragma once
// The folder of a run: last.safetensors (checkpoint), best.safetensors (weights alone),
// metrics.jsonl (a line an epoch), steps.jsonl (a line every few steps), run.json (how it was
// called); with --live report.html; after losses that speak of divergence previous.safetensors (the
// checkpoint from before). It is held open and locked: moved to another place it stays this run's,
// and what takes its old place is not touched.
#include <cstdint>
#include <filesystem>

#include <nlohmann/json.hpp>

#include <tnn/files/posix_file.hpp>

#include "run_record.hpp"

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
  tnn::detail::file_place report() const { return {folder_, "report.html"}; }
  bool has_last() const { return folder_.holds(last_name); }
  bool has_best() const { return folder_.holds(best_name); }
  bool has_previous() const { return folder_.holds(previous_name); }

  /// last.safetensors stays as previous.safetensors too when the next checkpoint replaces it.
  void keep_last() const;
  /// previous.safetensors takes the place of last.safetensors.
  void go_back() const;
  void drop_previous() const;

  /// A call of the program more in run.json. tnn::error where it holds anything else.
  void add_call(const run_call& call) const;

  tnn::detail::file_place metrics() const { return {folder_, metrics_name}; }
  tnn::detail::file_place steps() const { return {folder_, steps_name}; }
  tnn::detail::file_place calls() const { return {folder_, calls_name}; }
  void add_epoch(const nlohmann::ordered_json& line) { append(metrics_name, line); }
  void add_step(const nlohmann::ordered_json& line) { append(steps_name, line); }

  /// tnn::error where the disk lacks room for a checkpoint of so many bytes beside the one that it
  /// will replace, and for half as many of weights.
  void require_space(std::uintmax_t checkpoint_bytes) const;

  /// Forgets what was logged after a checkpoint: epochs after `epoch`, steps after `step`.
  void rewind(std::int64_t epoch, std::int64_t step);

 private:
  static constexpr const char* last_name = "last.safetensors";
  static constexpr const char* best_name = "best.safetensors";
  static constexpr const char* previous_name = "previous.safetensors";
  static constexpr const char* metrics_name = "metrics.jsonl";
  static constexpr const char* steps_name = "steps.jsonl";
  static constexpr const char* calls_name = "run.json";

  void require_contents(beginning how) const;
  void drop(const char* file) const;
  void append(const char* file, const nlohmann::ordered_json& line) const;
  void keep(const char* file, const char* key, std::int64_t up_to) const;

  tnn::detail::held_folder folder_;
};

}  // namespace program
