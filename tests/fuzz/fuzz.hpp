#pragma once
// What the fuzz targets share: libFuzzer's entry point, which hands a target its input as a file.
// A target may refuse it by tnn::error, in a text fit for a terminal; whatever else it throws, a
// sanitizer's complaint, or memory or time without bound is a finding.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include <tnn/core/error.hpp>
#include <tnn/files/printable.hpp>

/// A target's: reads the file, and calls require() for what must hold of what was read.
void read_input(const std::filesystem::path& file);

/// Ends the program, which is a finding, unless this holds.
inline void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "fuzz: this does not hold: %s\n", what);
  std::abort();
}

inline std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// A file in memory, which is opened by its path as any other is.
class memory_file {
 public:
  const std::filesystem::path& path() const { return path_; }
  void write(std::string_view bytes) const {
    require(ftruncate(fd_, 0) == 0 &&
                pwrite(fd_, bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()),
            "the input can be written");
  }

 private:
  int fd_ = memfd_create("input", MFD_CLOEXEC);  // as long as the program runs
  std::filesystem::path path_ = "/proc/self/fd/" + std::to_string(fd_);
};

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const memory_file file;
  file.write({reinterpret_cast<const char*>(data), size});
  try {
    read_input(file.path());
  } catch (const tnn::error& refusal) {
    const std::string text = refusal.what();
    require(text.size() < 8192, "an error is short");
    require(tnn::detail::printable(text, text.size()) == text,
            "an error shows no control character");
  }
  return 0;
}
