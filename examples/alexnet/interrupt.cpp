#include "interrupt.hpp"

#include <csignal>

namespace program {

namespace {
volatile std::sig_atomic_t flag = 0;

extern "C" void on_interrupt(int number) {
  flag = 1;
  std::signal(number, SIG_DFL);
}
}  // namespace

void catch_interrupts() {
  std::signal(SIGINT, on_interrupt);
  std::signal(SIGTERM, on_interrupt);
}

bool interrupted() { return flag != 0; }

}  // namespace program
