#include "interrupt.hpp"

#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <string_view>

namespace program {

namespace {
volatile std::sig_atomic_t first = 0;

extern "C" void on_interrupt(int number) {
  constexpr std::string_view text = "\nstopping after this batch, then saving\n";
  constexpr std::string_view twice =
      "\nstopping after this batch, then saving; once more stops at once, unsaved\n";
  const int before = errno;
  // The others come twice without anybody's having lost patience: `timeout` sends its signal to the
  // program and to its group, and a closing terminal's shell and the system both send SIGHUP.
  if (number == SIGINT) std::signal(SIGINT, SIG_DFL);
  if (first == 0) {
    first = number;
    const std::string_view said = number == SIGINT ? twice : text;
    [[maybe_unused]] const auto ignored = ::write(STDERR_FILENO, said.data(), said.size());
  }
  errno = before;
}
}  // namespace

void catch_interrupts() {
  std::signal(SIGPIPE, SIG_IGN);
  for (const int number : {SIGINT, SIGTERM, SIGHUP})
    if (std::signal(number, on_interrupt) == SIG_IGN) std::signal(number, SIG_IGN);
}

int interrupted() { return first; }

}  // namespace program
