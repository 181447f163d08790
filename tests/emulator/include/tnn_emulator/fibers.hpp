#pragma once
// A fiber a thread, all on the host's thread. A thread that never waits costs a call: the next one
// starts on the same fiber, and only who waits keeps its own. Nothing runs at once, so what an
// order of threads can't show (a missing barrier may go well) is for threads.hpp.
#include "block.hpp"
#include "fiber.hpp"

namespace tnn_emulator {

class scheduler {
 public:
  /// Runs all threads of running() to their end.
  void run() {
    head_ = count_ = exited_ = 0;
    for (unsigned t = 0; t < running().size; ++t) on_[t] = nullptr;
    push_all();
    choose(pop());
    fiber_pool::go(host_, *(now_ = &pool_.take()));
    if (!running().failed) return;
    pool_.clear();
    throw failure(running().failure_text);
  }
  void push(unsigned t) { ready_[(head_ + count_++) % ready_.size()] = t; }
  void push_all() {
    const unsigned n = running().size;
    // A random order is drawn as the threads are taken.
    const bool reverse = the().order.threads == order::reverse;
    for (unsigned t = 0; t < n; ++t) push(reverse ? n - 1 - t : t);
  }
  void park(unsigned t) {
    if (count_ == 0) stop(running().stuck());
    const unsigned next = pop();
    if (next == t) return;
    fiber& me = *now_;
    on_[t] = &me;
    choose(next);
    now_ = on_[next] != nullptr ? on_[next] : &pool_.take();
    ++switches;
    fiber_pool::go(me, *now_);
  }
  /// Ends the launch: this thread is unwound, those that wait are abandoned.
  [[noreturn]] void stop(const std::string& why) {
    note(why);
    throw abandoned{};
  }

  std::uint64_t switches = 0;

 private:
  static void run_threads(fiber& me);
  static void note(const std::string& why) {
    running().failed = true;
    running().failure_text = the().doing + ", block " + text(blockIdx) + ": " + why;
  }
  void choose(unsigned t) {
    current_thread = t;
    threadIdx = running().place(t);
  }
  unsigned pop() {
    if (the().order.threads == order::random)
      std::swap(ready_[head_], ready_[(head_ + the().order.random() % count_) % ready_.size()]);
    const unsigned t = ready_[head_];
    head_ = (head_ + 1) % static_cast<unsigned>(ready_.size());
    --count_;
    return t;
  }

  fiber_pool pool_{run_threads};
  fiber host_;
  fiber* now_ = nullptr;
  std::array<fiber*, device::block_threads> on_{};
  std::array<unsigned, 2 * device::block_threads> ready_{};
  unsigned head_ = 0, count_ = 0, exited_ = 0;
};
inline scheduler& fibers() {
  static scheduler s;
  return s;
}

inline void scheduler::run_threads(fiber& me) {
  for (scheduler& s = fibers();;) {
    try {
      running().kernel();
    } catch (const abandoned&) {
    } catch (const std::exception& e) {
      s.note("thread " + text(threadIdx) + " threw: " + e.what());
    }
    running().exit(current_thread);
    s.on_[current_thread] = nullptr;
    ++s.exited_;
    if (s.exited_ < running().size && s.count_ == 0 && !running().failed) s.note(running().stuck());
    if (s.exited_ == running().size || running().failed) {
      s.pool_.put(me);
      fiber_pool::go(me, s.host_);
      continue;
    }
    s.choose(s.pop());
    fiber* const other = s.on_[current_thread];
    if (other == nullptr) continue;
    s.pool_.put(me);
    s.now_ = other;
    ++s.switches;
    fiber_pool::go(me, *other);
  }
}

inline void park(unsigned t) { fibers().park(t); }
inline void ready(unsigned t) { fibers().push(t); }
inline void ready_all() { fibers().push_all(); }
inline void fail(const std::string& what) {
  fibers().stop("thread " + text(threadIdx) + " " + what);
}
inline void run_block() { fibers().run(); }

}  // namespace tnn_emulator
