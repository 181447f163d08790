#pragma once
// What becomes of a process that does something: the signal that ends it, and what it says.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cuda_runtime.h>

#include <string>

#include "support/catch.hpp"

struct death {
  int signal = 0;
  std::string words;
  bool says(std::string_view text) const { return words.find(text) != words.npos; }
};

/// Runs f in a child; an exception there counts as no death.
template <class F>
death death_of(F f) {
  int ends[2];
  if (pipe(ends) != 0) return {};
  const pid_t child = fork();
  if (child == 0) {
    // Not the test framework's handler, which would report the test.
    for (const int s : {SIGSEGV, SIGABRT, SIGBUS}) signal(s, SIG_DFL);
    tnn_emulator::explain_traps();
    dup2(ends[1], STDERR_FILENO);
    try {
      f();
    } catch (...) {
    }
    _exit(0);
  }
  close(ends[1]);
  death d;
  char part[512];
  for (ssize_t n; (n = read(ends[0], part, sizeof part)) > 0;)
    d.words.append(part, static_cast<std::size_t>(n));
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  if (WIFSIGNALED(status)) d.signal = WTERMSIG(status);
  return d;
}

/// The text of the failure that f throws; "" where it throws none.
template <class F>
std::string failure_of(F f) {
  try {
    f();
  } catch (const tnn_emulator::failure& e) {
    return e.what();
  }
  return "";
}

/// Does f fail with all of the words?
template <class F, class... Words>
bool fails(F f, const Words&... words) {
  const std::string text = failure_of(f);
  UNSCOPED_INFO("\"" << text << "\"");
  return text != "" && ((text.find(words) != text.npos) && ...);
}
