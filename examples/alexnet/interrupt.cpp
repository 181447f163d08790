#include "interrupt.hpp"

#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <string_view>

namespace program {

namespace {
volatile std::sig_atomic_t flag = 0;

extern "C" void on_interrupt(int number) {
  constexpr std::string_view text =
      "\nstopping after this batch, then saving; once more stops at once, unsaved\n";
  const int before = errno;
  flag = 1;
  std::signal(number, SIG_DFL);
  [[maybe_unused]] const auto ignored = ::write(STDERR_FILENO, text.data(), text.size());
  errno = before;
}
}  // namespace

void catch_interrupts() {
  std::signal(SIGINT, on_interrupt);
  std::signal(SIGTERM, on_interrupt);
}

bool interrupted() { return flag != 0; }

}  // namespace program
