#include "run_folder.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <string>

#include <tnn/core/error.hpp>
#include <tnn/io/atomic_file.hpp>

#include "run_log.hpp"

namespace program {

namespace fs = std::filesystem;

run_folder::run_folder(const fs::path& folder, bool resume) : folder_(folder) {
  std::error_code failure;
  if (fs::exists(folder) && !fs::is_directory(folder))
    throw tnn::error("--out " + folder.string() + " is a file; expected a folder for the run");
  fs::create_directories(folder, failure);
  if (failure)
    throw tnn::error("--out " + folder.string() + " cannot be made: " + failure.message());
  const fs::path probe = folder / ".tnn-can-write";
  if (!std::ofstream(probe).put('\n').flush())
    throw tnn::error("--out " + folder.string() + " cannot be written: " + std::strerror(errno));
  fs::remove(probe, failure);
  lock_ = tnn::detail::file_descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (lock_ && ::flock(lock_.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
    throw tnn::error("--out " + folder.string() +
                     " is in use: another training is writing to it; wait for its end");
  const bool has_run = fs::exists(last()) || fs::exists(best());
  if (has_run && !fs::exists(last()))  // killed between the two files of its first epoch
    throw tnn::error("--out " + folder.string() +
                     " holds a best.safetensors, but no last.safetensors to go on from: move it "
                     "away, or name another --out");
  if (has_run && !resume)
    throw tnn::error("--out " + folder.string() +
                     " holds a run already: --resume goes on with it, another --out keeps it");
  if (resume && !fs::exists(last()))
    throw tnn::error("--resume finds no last.safetensors in " + folder.string() +
                     ": name the --out of the run, or leave --resume out to begin one");
  if (!has_run) rewind(0, 0);
}

void run_folder::require_space(std::uintmax_t checkpoint_bytes) const {
  std::uintmax_t needed = checkpoint_bytes;
  if (!fs::exists(last())) needed += checkpoint_bytes;
  if (!fs::exists(best())) needed += checkpoint_bytes / 2;
  std::error_code failure;
  const fs::space_info disk = fs::space(folder_, failure);
  if (!failure && disk.available < needed)
    throw tnn::error("--out " + folder_.string() + " has " + std::to_string(disk.available >> 20) +
                     " MiB left, but the run's files need " + std::to_string(needed >> 20) +
                     ": free some space or name another folder");
}

void run_folder::append(const char* file, const nlohmann::ordered_json& line) const {
  std::ofstream out(folder_ / file, std::ios::app);
  out << line.dump() << '\n';
  if (!out.flush())
    throw tnn::error("cannot add a line to " + (folder_ / file).string() + ": " +
                     std::strerror(errno));
}

void run_folder::rewind(std::int64_t epoch, std::int64_t step) {
  keep("metrics.jsonl", "epoch", epoch);
  keep("steps.jsonl", "step", step);
}

void run_folder::keep(const char* file, const char* key, std::int64_t up_to) const {
  if (!fs::exists(folder_ / file)) return;
  std::string kept;
  for (const log_line& line : read_log(folder_ / file, key))
    if (line.count <= up_to) kept += line.values.dump() + "\n";
  tnn::write_file_atomically(folder_ / file, kept);
}

}  // namespace program
