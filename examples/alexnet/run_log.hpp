#pragma once
// What a run logged: metrics.jsonl and steps.jsonl, one flat JSON object a line, each with a count
// (of epochs, of steps) that rises from line to line.
#include <cstdint>
#include <filesystem>
#include <vector>

#include <nlohmann/json.hpp>

#include <tnn/files/posix_file.hpp>

#include "pictures.hpp"

namespace program {

struct log_line {
  std::int64_t count;
  nlohmann::ordered_json values;
};

/// The lines of a log, none if it does not exist; `key` is their count's name. A last line that a
/// kill cut is left out. tnn::error names any other line that is no flat JSON object, or whose
/// count is missing or does not rise.
std::vector<log_line> read_log(const tnn::detail::file_place& file, const char* key);

/// The curve that steps.jsonl holds.
std::vector<pictures::curve_point> read_curve(const std::filesystem::path& steps);

}  // namespace program
