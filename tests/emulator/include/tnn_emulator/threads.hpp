#pragma once
// A std::thread a CUDA thread, for ThreadSanitizer: a missing barrier is a race on shared memory.
// Blocks still run one after the other. A warp's own lock, not the block's, guards its exchanges,
// so that the emulator orders no more than CUDA does.
#include <semaphore>
#include <thread>
#include <vector>

#include "block.hpp"

namespace tnn_emulator {

class scheduler {
 public:
  void run() {
    block& b = running();
    counts_.store(b.size);
    stopped_.store(false);
    std::vector<std::thread> threads;
    const uint3 index = blockIdx;
    const permutation in_order(the().order.threads, b.size);
    for (unsigned i = 0; i < b.size; ++i)
      threads.emplace_back(
          [this, index, t = static_cast<unsigned>(in_order(i))] { live(t, index); });
    for (std::thread& t : threads) t.join();
    for (gate& g : gates_)
      while (g.semaphore.try_acquire()) {
      }
    if (b.failed) throw failure(b.failure_text);
  }
  void ready(unsigned t) {
    counts_.fetch_add(1, std::memory_order_relaxed);
    gates_[t].semaphore.release();
  }
  void park(unsigned t) {
    rest(0);
    gates_[t].semaphore.acquire();
    if (stopped_.load(std::memory_order_relaxed)) throw abandoned{};
  }
  [[noreturn]] void stop(const std::string& why) {
    note(why);
    throw abandoned{};
  }

 private:
  void live(unsigned t, uint3 index) {
    block& b = running();
    current_thread = t;
    threadIdx = b.place(t);
    blockIdx = index;
    try {
      b.kernel();
    } catch (const abandoned&) {
      return;
    } catch (const std::exception& e) {
      note("thread " + text(threadIdx) + " threw: " + e.what());
      return;
    }
    b.exit(t);
    rest(1);
  }
  /// One active thread less, and perhaps one more that has exited.
  void rest(unsigned exits) {
    const unsigned change = exits * one_exit - 1;
    const unsigned now = counts_.fetch_add(change, std::memory_order_relaxed) + change;
    if (now % one_exit == 0 && now / one_exit < running().size) note(running().stuck());
  }
  void note(const std::string& why) {
    block& b = running();
    const std::lock_guard lock(failing_);
    if (b.failed) return;
    b.failed = true;
    b.failure_text = the().doing + ", block " + text(blockIdx) + ": " + why;
    stopped_.store(true, std::memory_order_relaxed);
    for (unsigned t = 0; t < b.size; ++t) gates_[t].semaphore.release();
  }

  struct gate {
    std::counting_semaphore<> semaphore{0};
  };
  std::array<gate, device::block_threads> gates_;
  // Threads that run, plus one_exit for each that has exited: one number, so that nobody sees half
  // of a change, and relaxed, so that it orders nothing.
  static constexpr unsigned one_exit = 1u << 16;
  std::atomic<unsigned> counts_ = 0;
  std::atomic<bool> stopped_ = false;
  std::mutex failing_;
};
inline scheduler& threads() {
  static scheduler s;
  return s;
}

inline void park(unsigned t) { threads().park(t); }
inline void ready(unsigned t) { threads().ready(t); }
inline void ready_all() {
  for (unsigned t = 0; t < running().size; ++t) ready(t);
}
inline void fail(const std::string& what) {
  threads().stop("thread " + text(threadIdx) + " " + what);
}
inline void run_block() { threads().run(); }

}  // namespace tnn_emulator
