#include "interrupt.hpp"

#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <string_view>

namespace program {

namespace {
// A signal may come to any thread of the program, and another one to another thread meanwhile.
std::atomic<int> first{0};
static_assert(std::atomic<int>::is_always_lock_free);

extern "C" void on_interrupt(int number) {
  constexpr std::string_view text = "\nstopping after this batch, then saving\n";
  constexpr std::string_view twice =
      "\nstopping after this batch, then saving; once more stops at once, unsaved\n";
  const int before = errno;
  // The others come twice without anybody's having lost patience: `timeout` sends its signal to the
  // program and to its group, and a closing terminal's shell and the system both send SIGHUP.
  if (number == SIGINT) std::signal(SIGINT, SIG_DFL);
  int none = 0;
  if (first.compare_exchange_strong(none, number)) {
    const std::string_view said = number == SIGINT ? twice : text;
    [[maybe_unused]] const auto ignored = ::write(STDERR_FILENO, said.data(), said.size());
  }
  errno = before;
}
}  // namespace

void catch_interrupts() {
  // Output that nobody reads, or for which there is no room, is an error of the write.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction now {};
    // nohup ignores SIGHUP, and so it stays.
    if (::sigaction(number, nullptr, &now) == 0 && now.sa_handler != SIG_IGN)
      std::signal(number, on_interrupt);
  }
}

int interrupted() { return first; }

}  // namespace program
