#pragma once
// Files by descriptor: errno, reads at an offset, fsync. std::fstream has none of the three.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <tnn/core/error.hpp>
#include <tnn/io/printable.hpp>

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
  int close() { return ::close(std::exchange(fd_, -1)) == 0 ? 0 : errno; }

 private:
  int fd_ = -1;
};

/// A regular file opened for reading. Reads name their offset, so threads may share one object.
class input_file {
 public:
  /// Throws tnn::error for a missing file, a folder, a pipe or a device.
  explicit input_file(std::filesystem::path path) : path_(std::move(path)) {
    // O_NONBLOCK: opening a pipe must not wait for its writer; it is refused just below.
    fd_ = file_descriptor(::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!fd_) throw_errno("open", path_, errno);
    struct stat status {};
    if (::fstat(fd_.get(), &status) != 0) throw_errno("examine", path_, errno);
    if (S_ISDIR(status.st_mode))
      throw error("cannot read " + printable_path(path_) + ": it is a folder; name a file");
    if (!S_ISREG(status.st_mode))
      throw error("cannot read " + printable_path(path_) +
                  ": it is not a regular file; copy it to one");
    size_ = static_cast<std::uint64_t>(status.st_size);
  }

  const std::filesystem::path& path() const { return path_; }
  /// Bytes, as they were at opening.
  std::uint64_t size() const { return size_; }

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
};

}  // namespace tnn::detail
