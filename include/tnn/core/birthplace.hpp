#pragma once
// What a fork() leaves behind: a child process has all memory, but of the threads only the one that
// called fork(). An object with threads of its own remembers where they are.
#if defined(__unix__) || defined(__APPLE__)
#include <unistd.h>
#endif

namespace tnn::detail {

/// The process that an object was made in.
class birthplace {
 public:
  /// Whether this is still that process, not one that was forked off it.
  bool is_here() const { return process_ == this_process(); }

 private:
  static long this_process() {
#if defined(__unix__) || defined(__APPLE__)
    return static_cast<long>(getpid());
#else
    return 0;
#endif
  }
  long process_ = this_process();
};

}  // namespace tnn::detail
