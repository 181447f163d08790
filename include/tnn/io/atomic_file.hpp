#pragma once
// A file that appears whole or not at all: a temporary beside the target, fsync, rename, fsync of
// the folder. Until commit() returns, whatever the target held before is still there.
//
// A killed writer leaves its temporary behind. Each is locked by its writer (flock ends with the
// process), so the next writer of the same target can tell the abandoned ones and removes them.
#include <pthread.h>
#include <sys/file.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <ctime>

#include <tnn/io/posix_file.hpp>

namespace tnn {

namespace detail {

/// While it lives, a write past the file size limit fails with EFBIG instead of killing the
/// process.
class block_sigxfsz {
 public:
  block_sigxfsz() {
    sigset_t pending;
    sigemptyset(&pending);
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGXFSZ) == 1;
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGXFSZ);
    pthread_sigmask(SIG_BLOCK, &signals_, &before_);
  }
  block_sigxfsz(const block_sigxfsz&) = delete;
  block_sigxfsz& operator=(const block_sigxfsz&) = delete;
  ~block_sigxfsz() {
    const timespec at_once{};
    while (!was_pending_ && sigtimedwait(&signals_, nullptr, &at_once) < 0 && errno == EINTR) {
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

 private:
  sigset_t signals_;
  sigset_t before_;
  bool was_pending_;
};

/// Is `name` a temporary that an atomic_file made for `target`: TARGET.PID-N.tmp?
inline bool is_temporary_of(const std::string& target, const std::string& name) {
  const std::string before = target + '.', after = ".tmp";
  return name.size() > before.size() + after.size() && name.starts_with(before) &&
         name.ends_with(after) &&
         std::all_of(name.begin() + static_cast<std::ptrdiff_t>(before.size()),
                     name.end() - static_cast<std::ptrdiff_t>(after.size()),
                     [](char c) { return (c >= '0' && c <= '9') || c == '-'; });
}

inline void remove_abandoned_temporaries(const std::filesystem::path& folder,
                                         const std::string& target) {
  std::error_code ignored;
  for (std::filesystem::directory_iterator file(folder, ignored), end; !ignored && file != end;
       file.increment(ignored)) {
    if (!is_temporary_of(target, file->path().filename().string())) continue;
    const file_descriptor fd(
        ::open(file->path().c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (fd && ::flock(fd.get(), LOCK_EX | LOCK_NB) == 0) ::unlink(file->path().c_str());
  }
}

}  // namespace detail

/// Writes a file that replaces `target` at commit(). A symbolic link at `target` is replaced too.
/// Every failure (full disk, file size limit, missing folder) is a tnn::error with the path and
/// the system's reason; the target is then as it was.
class atomic_file {
 public:
  explicit atomic_file(std::filesystem::path target) : target_(std::move(target)) {
    std::error_code ignored;
    if (!target_.has_filename() || std::filesystem::is_directory(target_, ignored))
      throw error("cannot write " + detail::printable_path(target_) +
                  ": it is a folder; name a file");
    detail::remove_abandoned_temporaries(folder(), target_.filename().string());
    while (!open_temporary()) {
    }
  }
  atomic_file(const atomic_file&) = delete;
  atomic_file& operator=(const atomic_file&) = delete;
  ~atomic_file() {
    if (!committed_) ::unlink(temporary_.c_str());
  }

  /// Appends the bytes.
  void write(std::span<const std::byte> bytes) {
    const detail::block_sigxfsz blocked;
    while (!bytes.empty()) {
      const ssize_t written = ::write(fd_.get(), bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) fail("write", written < 0 ? errno : ENOSPC);
      bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
  }

  /// Puts the file in the target's place, on the disk itself. Called once, last.
  void commit() {
    if (::fsync(fd_.get()) != 0) fail("flush", errno);
    if (const int code = fd_.close()) fail("close", code);
    if (std::rename(temporary_.c_str(), target_.c_str()) != 0) fail("replace", errno);
    committed_ = true;
    const detail::file_descriptor folder_fd(
        ::open(folder().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    // EINVAL: this file system has no fsync for folders.
    if (!folder_fd || (::fsync(folder_fd.get()) != 0 && errno != EINVAL))
      detail::throw_errno("flush the folder of", target_, errno, "the file itself is complete");
  }

 private:
  std::filesystem::path folder() const {
    return target_.has_parent_path() ? target_.parent_path() : ".";
  }

  [[noreturn]] void fail(std::string_view action, int code) const {
    detail::throw_errno(action, target_, code,
                        "nothing was replaced; free some space or name another folder");
  }

  /// False: the name is taken, or another writer swept the new file away before it was locked.
  bool open_temporary() {
    static std::atomic<unsigned> count = 0;
    temporary_ = target_;
    temporary_ += '.' + std::to_string(::getpid()) + '-' + std::to_string(count++) + ".tmp";
    fd_ = detail::file_descriptor(
        ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    if (!fd_ && errno == EEXIST) return false;
    if (!fd_)
      detail::throw_errno("create a file beside", target_, errno,
                          "its folder must exist and be writable");
    if (::flock(fd_.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) return false;
    struct stat status {};
    return ::fstat(fd_.get(), &status) == 0 && status.st_nlink > 0;
  }

  std::filesystem::path target_;
  std::filesystem::path temporary_;
  detail::file_descriptor fd_;
  bool committed_ = false;
};

/// Replaces the file's content by `text`, whole or not at all.
inline void write_file_atomically(const std::filesystem::path& path, std::string_view text) {
  atomic_file file(path);
  file.write(std::as_bytes(std::span(text)));
  file.commit();
}

}  // namespace tnn
