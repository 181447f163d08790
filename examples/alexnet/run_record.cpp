#include "run_record.hpp"

#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <ctime>
#include <fstream>
#include <span>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <tnn/core/error.hpp>
#include <tnn/files/atomic_file.hpp>

namespace program {

using nlohmann::json;

namespace {

// A call has some 2,000 bytes: room for thousands.
constexpr std::uint64_t most_bytes = std::uint64_t{16} << 20;

/// The processor's name; where the system does not say (on ARM), its kind.
std::string processor() {
  std::ifstream system("/proc/cpuinfo");
  for (std::string line; std::getline(system, line);) {
    const std::size_t colon = line.find(": ");
    if (line.starts_with("model name") && colon != line.npos) return line.substr(colon + 2);
  }
#ifdef __aarch64__
  return "AArch64";
#else
  return "unknown";
#endif
}

[[noreturn]] void refuse(const tnn::detail::file_place& file, const std::string& why) {
  throw tnn::error(file.string() + " " + why +
                   "; expected the calls of a run, as alexnet train writes them: move it away");
}

/// The file as JSON, if that is what it holds and nothing is nested deeper than a call's options.
json parsed(const tnn::detail::file_place& place) {
  const tnn::detail::input_file file(place);
  if (file.size() > most_bytes) refuse(place, fmt::format("holds {} bytes", file.size()));
  std::string text(static_cast<std::size_t>(file.size()), '\0');
  file.read(0, std::as_writable_bytes(std::span(text)));
  bool shallow = text.find('\0') == text.npos;  // the parser would take a NUL for the end
  const auto keep = [&](int depth, json::parse_event_t, const json&) {
    return shallow = shallow && depth <= 4;
  };
  json all = json::parse(text, keep, false);
  if (!shallow || !all.is_object()) refuse(place, "is no JSON object of calls");
  return all;
}

}  // namespace

void to_json(json& to, const run_call& call) {
  to = {{"began", call.began},
        {"version", call.version},
        {"command", call.command},
        {"options", call.options},
        {"machine", call.machine}};
}

void from_json(const json& from, run_call& call) {
  from.at("began").get_to(call.began);
  from.at("version").get_to(call.version);
  from.at("command").get_to(call.command);
  from.at("options").get_to(call.options);
  from.at("machine").get_to(call.machine);
}

run_call present_call(const train_options& options, const tnn::RunOptions& identity, int threads) {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  run_call call;
  call.began =
      fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(now)));
  call.version = version;
  call.command = options.command;
  call.options = {identity.begin(), identity.end()};
  const auto add = [&](const char* name, const auto& value) {
    call.options[name] = fmt::format("{}", value);
  };
  add("data-folder", (options.images.empty() ? options.data : options.images).string());
  add("out", options.out.string());
  if (!options.from.empty()) add("from", options.from.string());
  if (!options.except.empty()) add("except", fmt::format("{}", fmt::join(options.except, " ")));
  if (options.minutes > 0)
    add("minutes", options.minutes);
  else
    add("epochs", options.epochs);
  add("save-minutes", options.save_minutes);
  call.machine = {{"cpu", processor()},
                  {"cores", fmt::format("{}", sysconf(_SC_NPROCESSORS_ONLN))},
                  {"backend", options.device},
                  {"threads", fmt::format("{}", threads)},
                  {"precision", name_of(options.precision)}};
  return call;
}

std::vector<run_call> read_calls(const tnn::detail::file_place& file) {
  if (::faccessat(file.base(), file.from_base().c_str(), F_OK, 0) != 0 && errno == ENOENT)
    return {};
  const json all = parsed(file);
  try {
    return all.at("calls").get<std::vector<run_call>>();
  } catch (const json::exception& wrong) {
    refuse(file, "holds no list of calls (" + std::string(wrong.what()) + ")");
  }
}

void write_calls(const tnn::detail::file_place& file, const std::vector<run_call>& calls) {
  // A command line's bytes may be no text.
  const std::string text =
      json{{"calls", calls}}.dump(1, ' ', false, json::error_handler_t::replace) + '\n';
  tnn::write_file_atomically(file, text);
}

}  // namespace program
