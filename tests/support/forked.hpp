#pragma once
// A call in a process that is forked off the test, which may hang or crash there.
#include <sys/wait.h>
#include <unistd.h>

/// What the call returns (0 to 127) in a child process; 99 if it throws; 128 and the signal's
/// number if a signal ends it: SIGALRM's after 20 seconds.
template <class Call>
int in_a_child(Call call) {
  const pid_t child = fork();
  if (child == 0) {
    alarm(20);
    int result = 99;
    try {
      result = call();
    } catch (...) {  // NOLINT: said by the 99
    }
    _exit(result);
  }
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child) return -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
