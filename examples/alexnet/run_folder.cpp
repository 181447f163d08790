#include "run_folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/statvfs.h>

#include <cerrno>
#include <cstdio>
#include <sstream>
#include <string>

#include <tnn/core/error.hpp>
#include <tnn/files/atomic_file.hpp>

#include "run_log.hpp"

namespace program {

namespace fs = std::filesystem;

namespace {

/// The folder, made where a run begins anew: a name mistyped after --resume leaves nothing behind.
tnn::detail::held_folder opened(const fs::path& folder, beginning how) {
  std::error_code failure;
  const fs::file_status found = fs::status(folder, failure);
  if (found.type() != fs::file_type::not_found && failure)
    throw tnn::error("--out " + folder.string() + " cannot be looked at: " + failure.message());
  if (fs::exists(found) && !fs::is_directory(found))
    throw tnn::error("--out " + folder.string() + " is a file; expected a folder for the run");
  failure.clear();
  if (how == beginning::anew)
    fs::create_directories(folder, failure);
  else if (!fs::exists(found))
    throw tnn::error("--resume finds no folder " + folder.string() +
                     ": name the --out of the run, or leave --resume out to begin one");
  if (failure)
    throw tnn::error("--out " + folder.string() + " cannot be made: " + failure.message());
  return tnn::detail::held_folder(folder);
}

}  // namespace

run_folder::run_folder(const fs::path& folder, beginning how) : folder_(opened(folder, how)) {
  if (::flock(folder_.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
    throw tnn::error("--out " + folder.string() +
                     " is in use: another training is writing to it; wait for its end");
  require_contents(how);
  // That the folder can be written is seen now. What a killed run left half written is removed.
  for (const auto& file : {last(), best()}) tnn::AtomicFile can_write(file);
  if (how == beginning::anew) {
    rewind(0, 0);
    drop(calls_name);
  }
}

void run_folder::require_contents(beginning how) const {
  const std::string out = "--out " + path().string();
  if (how == beginning::from_previous && !has_previous())
    throw tnn::error("--previous finds no previous.safetensors in " + path().string() +
                     ": --resume without it goes on from last.safetensors");
  if (how != beginning::from_previous && !has_last() && has_previous())
    throw tnn::error(out + " holds a previous.safetensors, but no last.safetensors: --resume " +
                     "--previous goes on from it, another --out keeps it");
  if (how != beginning::from_previous && !has_last() && has_best())
    throw tnn::error(out + " holds a best.safetensors, but no last.safetensors to go on from: " +
                     "move it away, or name another --out");
  if (how == beginning::from_last && !has_last())
    throw tnn::error("--resume finds no last.safetensors in " + path().string() +
                     ": name the --out of the run, or leave --resume out to begin one");
  if (how == beginning::anew && has_last())
    throw tnn::error(out +
                     " holds a run already: --resume goes on with it, another --out keeps it");
}

void run_folder::keep_last() const {
  drop_previous();
  // A second name (a hard link), so that last.safetensors is there at every moment. Where the file
  // system has no hard links it is renamed, and there is none until the next is written.
  if (::linkat(folder_.get(), last_name, folder_.get(), previous_name, 0) != 0 &&
      ::renameat(folder_.get(), last_name, folder_.get(), previous_name) != 0)
    tnn::detail::throw_errno("keep the checkpoint as", previous().path(), errno);
}

void run_folder::go_back() const {
  if (::renameat(folder_.get(), previous_name, folder_.get(), last_name) != 0)
    tnn::detail::throw_errno("go back to", previous().path(), errno);
  // Where both are names of one file, renaming does nothing.
  drop_previous();
}

void run_folder::drop_previous() const { drop(previous_name); }

void run_folder::drop(const char* file) const {
  if (::unlinkat(folder_.get(), file, 0) != 0 && errno != ENOENT)
    tnn::detail::throw_errno("remove", path() / file, errno);
}

void run_folder::add_call(const run_call& call) const {
  std::vector<run_call> all = read_calls(calls());
  all.push_back(call);
  write_calls(calls(), all);
}

void run_folder::require_space(std::uintmax_t checkpoint_bytes) const {
  std::uintmax_t needed = checkpoint_bytes;
  if (!has_last()) needed += checkpoint_bytes;
  if (!has_best()) needed += checkpoint_bytes / 2;
  struct statvfs disk {};
  if (::fstatvfs(folder_.get(), &disk) != 0) return;
  const std::uintmax_t left = std::uintmax_t{disk.f_bavail} * disk.f_frsize;
  if (left < needed)
    throw tnn::error("--out " + path().string() + " has " + std::to_string(left >> 20) +
                     " MiB left, but the run's files need " + std::to_string(needed >> 20) +
                     ": free some space or name another folder");
}

void run_folder::append(const char* file, const nlohmann::ordered_json& line) const {
  // O_NONBLOCK: a pipe of that name must not wait for its reader.
  const tnn::detail::file_descriptor fd(
      ::openat(folder_.get(), file,
               O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0666));
  const std::string text = line.dump() + '\n';
  const int code = fd ? tnn::detail::write_all(fd.get(), std::as_bytes(std::span(text))) : errno;
  if (code != 0) tnn::detail::throw_errno("add a line to", path() / file, code);
}

void run_folder::rewind(std::int64_t epoch, std::int64_t step) {
  keep(metrics_name, "epoch", epoch);
  keep(steps_name, "step", step);
}

void run_folder::keep(const char* file, const char* key, std::int64_t up_to) const {
  if (!folder_.holds(file)) return;
  std::string kept;
  for (const log_line& line : read_log({folder_, file}, key))
    if (line.count <= up_to) kept += line.values.dump() + "\n";
  tnn::write_file_atomically({folder_, file}, kept);
}

}  // namespace program
