#pragma once
// A program run by a test: its exit code and what it wrote, or a signal sent to it midway. It is a
// group of its own with what it starts, as what a shell runs in a terminal is.
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <string>
#include <thread>
#include <vector>

#include "support/temporary_folder.hpp"

class process {
 public:
  /// Starts it; it ends with the test at the latest. It may write files of `largest_file` bytes.
  process(const std::string& program, const std::vector<std::string>& arguments,
          rlim_t largest_file = RLIM_INFINITY) {
    std::vector<char*> argv;
    for (const std::string& a : arguments) argv.push_back(const_cast<char*>(a.c_str()));
    argv.insert(argv.begin(), const_cast<char*>(program.c_str()));
    argv.push_back(nullptr);
    const std::string out_path = (files_ / "out").string(), err_path = (files_ / "err").string();
    pid_ = fork();
    if (pid_ < 0) throw std::runtime_error("cannot fork");
    if (pid_ != 0) {
      setpgid(pid_, pid_);  // both of us: whoever comes first
      return;
    }
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const rlimit files{largest_file, RLIM_INFINITY};
    setrlimit(RLIMIT_FSIZE, &files);
    dup2(open(out_path.c_str(), O_WRONLY | O_CREAT, 0600), STDOUT_FILENO);
    dup2(open(err_path.c_str(), O_WRONLY | O_CREAT, 0600), STDERR_FILENO);
    execv(program.c_str(), argv.data());
    _exit(127);
  }
  process(const process&) = delete;
  process& operator=(const process&) = delete;
  ~process() {
    if (ended_) return;
    signal_all(SIGKILL);
    wait();
  }

  pid_t pid() const { return pid_; }
  void signal(int number) const { kill(pid_, number); }
  /// To all that it has started too, as Ctrl-C is.
  void signal_all(int number) const { kill(-pid_, number); }

  /// Waits until `done()`; false if the process ends before, or after five minutes.
  template <class Done>
  bool until(Done done) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(5);
    while (std::chrono::steady_clock::now() < end) {
      if (done()) return true;
      if (ended_ || reap(WNOHANG)) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
  }

  /// Its exit code, or minus the signal that ended it.
  int wait() {
    if (!ended_) reap(0);
    return WIFEXITED(status_) ? WEXITSTATUS(status_) : -WTERMSIG(status_);
  }

  std::string out() const { return text("out"); }
  std::string err() const { return text("err"); }

 private:
  std::string text(const char* name) const {
    return std::filesystem::exists(files_ / name) ? files_.read(name) : "";
  }

  /// Once it has ended: what it had started ends too, while the group's number is still its own.
  bool reap(int options) {
    siginfo_t info{};
    if (waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOWAIT | options) != 0 ||
        info.si_pid != pid_)
      return false;
    signal_all(SIGKILL);
    waitpid(pid_, &status_, 0);
    return ended_ = true;
  }

  temporary_folder files_;
  pid_t pid_ = -1;
  int status_ = 0;
  bool ended_ = false;
};
