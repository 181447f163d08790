#pragma once
// Files by descriptor: errno, reads at an offset, fsync, and folders that may be moved while they
// are in use. std::fstream has none of the four.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <tnn/core/error.hpp>
#include <tnn/files/printable.hpp>

namespace tnn::detail {

/// Throws "cannot ACTION PATH: TEXT OF errno", with advice after it where there is some.
[[noreturn]] inline void throw_errno(std::string_view action, const std::filesystem::path& path,
                                     int code, std::string_view advice = {}) {
  std::string text = "cannot " + std::string(action) + ' ' + printable_path(path) + ": " +
                     std::system_category().message(code);
  if (!advice.empty()) text += "; " + std::string(advice);
  throw error(text);
}

/// Owns a descriptor; -1 is none.
class file_descriptor {
 public:
  file_descriptor() = default;
  explicit file_descriptor(int fd) : fd_(fd) {}
  file_descriptor(file_descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  file_descriptor& operator=(file_descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~file_descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }

  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

  /// Closes now and says whether the system complained (errno, or 0).
  int close() {
    // EINTR: Linux has closed it all the same.
    return ::close(std::exchange(fd_, -1)) == 0 || errno == EINTR ? 0 : errno;
  }
  /// Somebody else closes it from now on.
  void release() { fd_ = -1; }

 private:
  int fd_ = -1;
};

/// A folder held open: what is reached through it lies in it, wherever it is moved meanwhile.
class held_folder {
 public:
  /// Throws tnn::error where there is no such folder, or it may not be read.
  explicit held_folder(std::filesystem::path path)
      : path_(std::move(path)), fd_(::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    if (!fd_) throw_errno("open the folder", path_, errno);
  }

  int get() const { return fd_.get(); }

  /// The path that it was opened by while that leads to it, then the one that the system knows.
  std::filesystem::path path() const {
    struct stat held {
    }, named{};
    if (::fstat(get(), &held) == 0 && ::stat(path_.c_str(), &named) == 0 &&
        held.st_dev == named.st_dev && held.st_ino == named.st_ino)
      return path_;
    std::error_code unknown;
    const auto now =
        std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(get()), unknown);
    return unknown ? path_ : now;
  }

  bool holds(const std::string& name) const {
    struct stat status {};
    return ::fstatat(get(), name.c_str(), &status, 0) == 0;
  }

 private:
  std::filesystem::path path_;
  file_descriptor fd_;
};

/// Where a file is: a path, or a name in a folder that is held open and outlives this.
class file_place {
 public:
  template <class Path>
  requires std::convertible_to<const Path&, std::filesystem::path> file_place(const Path& path)
      : name_(path) {}
  file_place(const held_folder& folder, std::string name)
      : folder_(&folder), name_(std::move(name)) {}

  /// What openat() and its like begin at, and the path from there.
  int base() const { return folder_ != nullptr ? folder_->get() : AT_FDCWD; }
  const std::filesystem::path& from_base() const { return name_; }
  /// What people call it at this moment.
  std::filesystem::path path() const {
    return folder_ != nullptr ? folder_->path() / name_ : name_;
  }
  /// The same, as an error shows it.
  std::string string() const { return printable_path(path()); }

 private:
  const held_folder* folder_ = nullptr;
  std::filesystem::path name_;
};

/// A regular file opened for reading. Reads name their offset, so threads may share one object.
class input_file {
 public:
  /// Throws tnn::error for a missing file, a folder, a pipe or a device.
  explicit input_file(const file_place& place) : path_(place.path()) {
    // O_NONBLOCK: opening a pipe must not wait for its writer; it is refused just below.
    fd_ = file_descriptor(
        ::openat(place.base(), place.from_base().c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!fd_) throw_errno("open", path_, errno);
    struct stat status {};
    if (::fstat(fd_.get(), &status) != 0) throw_errno("examine", path_, errno);
    if (S_ISDIR(status.st_mode))
      throw error("cannot read " + printable_path(path_) + ": it is a folder; name a file");
    if (!S_ISREG(status.st_mode))
      throw error("cannot read " + printable_path(path_) +
                  ": it is not a regular file; copy it to one");
    size_ = static_cast<std::uint64_t>(status.st_size);
    modified_ = modified(status);
  }

  /// When a file was last written to, in nanoseconds since 1970.
  static std::int64_t modified(const struct stat& status) {
    return std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec;
  }

  const std::filesystem::path& path() const { return path_; }
  /// Bytes, as they were at opening.
  std::uint64_t size() const { return size_; }
  std::int64_t modified() const { return modified_; }

  /// Fills `bytes` from `offset` on, or throws tnn::error.
  void read(std::uint64_t offset, std::span<std::byte> bytes) const {
    while (!bytes.empty()) {
      const ssize_t got =
          ::pread(fd_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) throw_errno("read", path_, errno);
      if (got == 0)
        throw error("cannot read " + printable_path(path_) + ": it ends at byte " +
                    std::to_string(offset) + ", but held " + std::to_string(size_) +
                    " when opened; it was cut while in use");
      bytes = bytes.subspan(static_cast<std::size_t>(got));
      offset += static_cast<std::uint64_t>(got);
    }
  }

 private:
  std::filesystem::path path_;
  file_descriptor fd_;
  std::uint64_t size_ = 0;
  std::int64_t modified_ = 0;
};

}  // namespace tnn::detail
