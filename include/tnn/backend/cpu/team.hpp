#pragma once
// Team: threads that share the items of a loop. run() ends with the last item, not with the last
// thread: where another program has a core, nobody waits for a thread that has nothing to do.
// Between loops threads spin, so that the next one begins at once; then they give their core to
// whoever wants it, and after some milliseconds they sleep.
#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#ifdef __linux__
#include <sched.h>
#endif

#include <tnn/backend/cpu/one_copy.hpp>
#include <tnn/core/birthplace.hpp>
#include <tnn/core/error.hpp>

namespace tnn {

/// Cores that this process may use.
[[nodiscard]] inline int available_cores() {
#ifdef __linux__
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
#endif
  const unsigned n = std::thread::hardware_concurrency();
  return n > 0 ? static_cast<int>(n) : 1;
}

namespace detail {

class Team {
 public:
  /// The thread that calls run() is one of them. tnn::error where the system gives fewer.
  explicit Team(int threads) {
    int t = 1;
    try {
      threads_.reserve(static_cast<std::size_t>(threads));
      for (; t < threads; ++t) threads_.emplace_back([this, t] { serve(t); });
    } catch (const std::system_error& failure) {
      end();
      throw error("the system gave " + std::to_string(t) + " of the " + std::to_string(threads) +
                  " threads that Cpu was asked for (" + failure.code().message() +
                  "): ask for fewer, Cpu{.threads = " + std::to_string(t) +
                  "}, or raise its limit on threads or memory (ulimit -u, ulimit -v)");
    } catch (...) {
      end();
      throw;
    }
  }
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;
  ~Team() { end(); }

  /// f(item, thread) for each item in [0, items). While a loop runs, another one (of this thread or
  /// any) is done by its caller alone, as thread 0.
  template <class F>
  void run(std::int64_t items, F& f) noexcept {
    if (items < 2 || threads_.empty() || running_.exchange(true, std::memory_order_acquire)) {
      for (std::int64_t item = 0; item < items; ++item) call<F>(&f, item, 0);
      return;
    }
    call_ = call<F>;
    function_ = &f;
    items_ = items;
    done_.store(0, std::memory_order_relaxed);
    loops_ = (loops_ + 1) % most_loops;
    state_.store((loops_ << left_bits) + static_cast<std::uint64_t>(items));
    state_.notify_all();
    work(0);
    while (!spin([&] { return done_.load(std::memory_order_acquire) == items; })) {
    }
    running_.store(false, std::memory_order_release);
  }

 private:
  // state_: which loop, and how many of its items nobody has taken; or that the team has ended.
  // Whoever takes an item keeps the loop from ending, so what run() has set may be read until the
  // item is done.
  static constexpr int left_bits = 40;
  static constexpr std::uint64_t left_mask = (std::uint64_t{1} << left_bits) - 1;
  static constexpr std::uint64_t ended = std::uint64_t{1} << 63, most_loops = ended >> left_bits;

  /// One item. The same code whether one thread works or several, so that they give equal bits.
  template <class F>
  TNN_ONE_COPY static void call(void* f, std::int64_t item, int thread) {
    (*static_cast<F*>(f))(item, thread);
  }

  void end() {
    state_.store(ended);
    state_.notify_all();
    for (std::thread& t : threads_)
      if (birthplace_.is_here()) {
        t.join();
      } else {
        t.detach();  // after a fork() there is no such thread to wait for
      }
  }

  void serve(int thread) {
    for (;;) {
      const std::uint64_t seen = state_.load(std::memory_order_acquire);
      if (seen == ended) return;
      if ((seen & left_mask) != 0) {
        work(thread);
      } else if (!spin([&] { return state_.load(std::memory_order_relaxed) != seen; })) {
        state_.wait(seen);
      }
    }
  }

  void work(int thread) {
    std::uint64_t seen = state_.load(std::memory_order_acquire);
    while ((seen & left_mask) != 0) {
      if (!state_.compare_exchange_weak(seen, seen - 1, std::memory_order_acquire)) continue;
      call_(function_, items_ - static_cast<std::int64_t>(seen & left_mask), thread);
      done_.fetch_add(1, std::memory_order_release);
      seen = state_.load(std::memory_order_acquire);
    }
  }

  /// Waits until ready(), but not for long; says whether it is.
  template <class F>
  static bool spin(F ready) {
    constexpr int politely = 1000;  // some 40 microseconds
    constexpr std::chrono::milliseconds long_enough{4};
    std::chrono::steady_clock::time_point start;
    for (int i = 0; !ready(); ++i) {
      if (i < politely) {
#if defined(__x86_64__) || defined(__i386__)
        __builtin_ia32_pause();
#endif
        continue;
      }
      if (i == politely) start = std::chrono::steady_clock::now();
      std::this_thread::yield();
      if (std::chrono::steady_clock::now() - start > long_enough) return ready();
    }
    return true;
  }

  std::atomic<std::uint64_t> state_{0};
  std::atomic<std::int64_t> done_{0};
  std::atomic<bool> running_{false};
  void (*call_)(void*, std::int64_t, int) = nullptr;
  void* function_ = nullptr;
  std::int64_t items_ = 0;
  std::uint64_t loops_ = 0;
  std::vector<std::thread> threads_;
  birthplace birthplace_;
};

}  // namespace detail
}  // namespace tnn
