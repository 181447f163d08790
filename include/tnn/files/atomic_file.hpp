#pragma once
// A file that appears whole or not at all: a temporary beside the target, fsync, rename, fsync of
// the folder. Until commit() returns, whatever the target held before is still there. The folder is
// held open meanwhile: if it is moved, the file appears in it, and not in what took its place.
//
// A killed writer leaves its temporary behind. Each is locked by its writer (flock ends with the
// process), so the next writer of the same target can tell the abandoned ones and removes them.
#include <dirent.h>
#include <pthread.h>
#include <sys/file.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <memory>

#include <tnn/files/posix_file.hpp>

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

/// Is `name` a temporary that an AtomicFile made for `target`: TARGET.PID-N.tmp?
inline bool is_temporary_of(const std::string& target, const std::string& name) {
  const std::string before = target + '.', after = ".tmp";
  return name.size() > before.size() + after.size() && name.starts_with(before) &&
         name.ends_with(after) &&
         std::all_of(name.begin() + static_cast<std::ptrdiff_t>(before.size()),
                     name.end() - static_cast<std::ptrdiff_t>(after.size()),
                     [](char c) { return (c >= '0' && c <= '9') || c == '-'; });
}

inline void remove_abandoned_temporaries(int folder, const std::string& target) {
  struct close_listing {
    void operator()(DIR* listing) const { ::closedir(listing); }
  };
  file_descriptor own(::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const std::unique_ptr<DIR, close_listing> listing(own ? ::fdopendir(own.get()) : nullptr);
  if (listing) own.release();  // the listing's now
  while (const dirent* entry = listing ? ::readdir(listing.get()) : nullptr) {
    if (!is_temporary_of(target, entry->d_name)) continue;
    const file_descriptor fd(
        ::openat(folder, entry->d_name, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (fd && ::flock(fd.get(), LOCK_EX | LOCK_NB) == 0) ::unlinkat(folder, entry->d_name, 0);
  }
}

/// Writes all of the bytes; errno of the failure, or 0.
inline int write_all(int fd, std::span<const std::byte> bytes) {
  const block_sigxfsz blocked;
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return written < 0 ? errno : ENOSPC;
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return 0;
}

}  // namespace detail

/// Writes a file that replaces `target` at commit(). A symbolic link at `target` is replaced too.
/// Every failure (full disk, file size limit, missing folder) is a tnn::error with the path and
/// the system's reason; the target is then as it was, except where the error says that the file
/// itself is complete: the target has been replaced, but a power cut may undo that.
class AtomicFile {
 public:
  explicit AtomicFile(detail::file_place target)
      : target_(std::move(target)), name_(target_.from_base().filename().string()) {
    const std::filesystem::path parent = target_.from_base().parent_path();
    folder_ = detail::file_descriptor(::openat(
        target_.base(), parent.empty() ? "." : parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder_) fail_to_create(errno);
    struct stat status {};
    if (name_.empty() ||
        (::fstatat(folder_.get(), name_.c_str(), &status, 0) == 0 && S_ISDIR(status.st_mode)))
      throw error("cannot write " + target_.string() + ": it is a folder; name a file");
    detail::remove_abandoned_temporaries(folder_.get(), name_);
    while (!open_temporary()) {
    }
  }
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  ~AtomicFile() {
    if (!committed_) ::unlinkat(folder_.get(), temporary_.c_str(), 0);
  }

  /// Appends the bytes.
  void write(std::span<const std::byte> bytes) {
    if (const int code = detail::write_all(fd_.get(), bytes)) fail("write", code);
  }

  /// Puts the file in the target's place, on the disk itself. Called once, last.
  void commit() {
    // Until the name is the target's, the lock keeps other writers from taking the file for a dead
    // writer's: a second descriptor of the same file holds it too.
    const detail::file_descriptor lock(::fcntl(fd_.get(), F_DUPFD_CLOEXEC, 0));
    if (!lock) fail("lock", errno);
    while (::fsync(fd_.get()) != 0)
      if (errno != EINTR) fail("flush", errno);
    if (const int code = fd_.close()) fail("close", code);
    if (::renameat(folder_.get(), temporary_.c_str(), folder_.get(), name_.c_str()) != 0)
      fail("replace", errno);
    committed_ = true;
    // EINVAL: this file system has no fsync for folders.
    if (::fsync(folder_.get()) != 0 && errno != EINVAL)
      detail::throw_errno("flush the folder of", target_.path(), errno,
                          "the file itself is complete");
  }

 private:
  [[noreturn]] void fail(std::string_view action, int code) const {
    detail::throw_errno(action, target_.path(), code,
                        "nothing was replaced; free some space or name another folder");
  }
  [[noreturn]] void fail_to_create(int code) const {
    detail::throw_errno("create a file beside", target_.path(), code,
                        code == ENAMETOOLONG ? "its name leaves no room for a temporary file's"
                                             : "its folder must exist and be writable");
  }

  /// False: the name is taken, or another writer swept the new file away before it was locked.
  bool open_temporary() {
    static std::atomic<unsigned> count = 0;
    temporary_ = name_ + '.' + std::to_string(::getpid()) + '-' + std::to_string(count++) + ".tmp";
    fd_ = detail::file_descriptor(::openat(folder_.get(), temporary_.c_str(),
                                           O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                                           0666));
    if (!fd_ && errno == EEXIST) return false;
    if (!fd_) fail_to_create(errno);
    if (::flock(fd_.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) return false;
    struct stat status {};
    return ::fstat(fd_.get(), &status) == 0 && status.st_nlink > 0;
  }

  detail::file_place target_;
  std::string name_, temporary_;
  detail::file_descriptor folder_, fd_;
  bool committed_ = false;
};

/// Replaces the file's content by `text`, whole or not at all.
inline void write_file_atomically(const detail::file_place& place, std::string_view text) {
  AtomicFile file(place);
  file.write(std::as_bytes(std::span(text)));
  file.commit();
}

}  // namespace tnn
