#include "run_log.hpp"

#include <cerrno>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <tnn/core/error.hpp>
#include <tnn/files/posix_file.hpp>

namespace program {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

namespace {

// A line of metrics.jsonl has some 250 bytes. A JSON object is read in time quadratic in its keys.
constexpr std::size_t most_line_bytes = 4096;
// A line of steps.jsonl has some 100 bytes and is written every 10 steps: over 20 million steps.
constexpr std::uint64_t most_log_bytes = std::uint64_t{256} << 20;

[[noreturn]] void refuse(const tnn::detail::file_place& file, std::size_t line,
                         const std::string& why) {
  throw tnn::error(file.string() + ": line " + std::to_string(line) + ' ' + why + ": remove it");
}

std::string text_of(const tnn::detail::file_place& place) {
  const tnn::detail::input_file file(place);
  if (file.size() > most_log_bytes)
    throw tnn::error(place.string() + " holds " + std::to_string(file.size()) +
                     " bytes, more than the " + std::to_string(most_log_bytes) +
                     " that a log may have: move it away");
  std::string text(static_cast<std::size_t>(file.size()), '\0');
  file.read(0, std::as_writable_bytes(std::span(text)));
  return text;
}

/// The object that a line holds, if that is what it holds and nothing is nested in it.
std::optional<ordered_json> flat_object(std::string_view text) {
  // The parser would take a NUL for the end.
  bool flat = text.size() <= most_line_bytes && text.find('\0') == text.npos;
  if (!flat) return std::nullopt;
  using event = ordered_json::parse_event_t;
  const auto keep = [&](int depth, event at, const ordered_json&) {
    if ((at == event::object_start || at == event::array_start) && depth > 0) flat = false;
    return flat;
  };
  ordered_json object = ordered_json::parse(text, keep, false);
  if (!flat || !object.is_object()) return std::nullopt;
  return object;
}

}  // namespace

std::vector<log_line> read_log(const tnn::detail::file_place& file, const char* key) {
  std::vector<log_line> lines;
  if (::faccessat(file.base(), file.from_base().c_str(), F_OK, 0) != 0 && errno == ENOENT)
    return lines;
  const std::string all = text_of(file);
  for (std::string_view rest = all; !rest.empty();) {
    const std::size_t end = rest.find('\n'), number = lines.size() + 1;
    std::optional<ordered_json> line = flat_object(rest.substr(0, end));
    if (!line && end == rest.npos) break;  // cut by a kill
    if (!line) refuse(file, number, "is no JSON object of plain values");
    rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);

    const auto count = line->find(key);
    if (count == line->end() || !count->is_number_integer() ||
        (count->is_number_unsigned() &&
         count->get<std::uint64_t>() > std::numeric_limits<std::int64_t>::max()))
      refuse(file, number, "has no whole number \"" + std::string(key) + '"');
    const auto value = count->get<std::int64_t>();
    const std::int64_t before = lines.empty() ? -1 : lines.back().count;
    if (value <= before)
      refuse(file, number,
             "has \"" + std::string(key) + "\" " + std::to_string(value) +
                 (lines.empty() ? ", expected 0 or more"
                                : ", expected more than the " + std::to_string(before) +
                                      " of the line before"));
    lines.push_back({value, *std::move(line)});
  }
  return lines;
}

std::vector<pictures::curve_point> read_curve(const fs::path& steps) {
  std::vector<pictures::curve_point> curve;
  for (const log_line& line : read_log(steps, "step")) {
    const auto number = [&](const char* key) {
      const auto value = line.values.find(key);
      if (value != line.values.end() && value->is_null())
        return std::numeric_limits<double>::quiet_NaN();
      if (value == line.values.end() || !value->is_number())
        refuse(steps, curve.size() + 1, "has no number \"" + std::string(key) + '"');
      return value->get<double>();
    };
    curve.push_back({line.count, number("loss"), number("accuracy")});
  }
  return curve;
}

}  // namespace program
