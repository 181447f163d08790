#include "output.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>

#include <tnn/core/error.hpp>

namespace program {

void occupy_standard_descriptors() {
  // The lowest free number is taken. Not for writing: what is printed to nowhere is an error.
  int taken = 0;
  while (taken >= 0 && taken <= STDERR_FILENO) taken = ::open("/dev/null", O_RDONLY);
  if (taken > STDERR_FILENO) ::close(taken);
}

void complain(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

bool put(std::string_view text) {
  return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() &&
         std::fflush(stdout) == 0;
}

void require_printed() {
  errno = EIO;  // of an earlier failure the stream knows no more than that it was one
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0)
    throw tnn::error(std::string("cannot write to standard output: ") + std::strerror(errno));
}

}  // namespace program
