#pragma once
// run.json, what a run's logs do not say: how, where and when the program was called, an entry for
// the run's beginning and one for each --resume:
//   {"calls": [{"began": "2026-11-27T13:02:11Z", "version": "0.1.0", "command": ["alexnet", ...],
//     "options": {"batch": "128", ...}, "machine": {"cpu": "...", "cores": "2", ...}}]}
#include <map>
#include <string>
#include <vector>

#include <tnn/files/posix_file.hpp>
#include <tnn/io/checkpoint.hpp>

#include "run.hpp"

namespace program {

/// One call of `alexnet train`. Options and machine are names and what they are, as text.
struct run_call {
  std::string began;    ///< ISO 8601, UTC
  std::string version;  ///< of this library
  std::vector<std::string> command;
  std::map<std::string, std::string> options, machine;
};

/// The present call: what was asked, and the machine that it is on. `identity` are the options that
/// decide the weights, with what a resumed run takes from its checkpoint.
run_call present_call(const train_options& options, const tnn::RunOptions& identity, int threads);

/// The calls that run.json holds; none if it does not exist. tnn::error where it is no such file.
std::vector<run_call> read_calls(const tnn::detail::file_place& file);

/// Writes them, whole or not at all.
void write_calls(const tnn::detail::file_place& file, const std::vector<run_call>& calls);

}  // namespace program
