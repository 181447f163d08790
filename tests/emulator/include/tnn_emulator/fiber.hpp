#pragma once
// Fibers: stacks that are switched without a system call, kept for the next block and launch.
// AddressSanitizer is told of each switch.
#include <signal.h>
#include <sys/mman.h>

#include <boost/context/detail/fcontext.hpp>
#include <cstddef>
#include <memory>
#include <new>
#include <vector>

#include "memory.hpp"

#ifdef TNN_EMULATOR_ASAN
#include <sanitizer/common_interface_defs.h>
#endif
#if defined(__SANITIZE_THREAD__)
#error "ThreadSanitizer sees nothing of fibers: add -DTNN_EMULATOR_THREADS"
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#error "ThreadSanitizer sees nothing of fibers: add -DTNN_EMULATOR_THREADS"
#endif
#endif

namespace tnn_emulator {

struct fiber {
  boost::context::detail::fcontext_t context = nullptr;  ///< where it goes on
  const void* stack = nullptr;                           ///< its lowest address
  std::size_t size = 0;
};

/// Leaves `from` at once; returns when somebody switches back to it.
inline void switch_fiber(fiber& from, fiber& to) {
#ifdef TNN_EMULATOR_ASAN
  void* fake = nullptr;
  __sanitizer_start_switch_fiber(&fake, to.stack, to.size);
#endif
  const auto came = boost::context::detail::jump_fcontext(to.context, &from);
  static_cast<fiber*>(came.data)->context = came.fctx;
#ifdef TNN_EMULATOR_ASAN
  __sanitizer_finish_switch_fiber(fake, nullptr, nullptr);
#endif
}

class fiber_pool {
 public:
#ifdef TNN_EMULATOR_ASAN
  static constexpr std::size_t stack_size = 256 * 1024;
#else
  static constexpr std::size_t stack_size = 64 * 1024;
#endif

  /// `run` is called on each new fiber and never returns.
  explicit fiber_pool(void (*run)(fiber&)) { run_ = run; }
  ~fiber_pool() { clear(); }
  fiber_pool(const fiber_pool&) = delete;
  fiber_pool& operator=(const fiber_pool&) = delete;

  fiber& take() {
    if (free_.empty()) return make();
    fiber& f = *free_.back();
    free_.pop_back();
    return f;
  }
  void put(fiber& f) { free_.push_back(&f); }

  /// Forgets all, also those that are in the middle of something.
  void clear() {
    for (const auto& f : all_) {
      char* pages = const_cast<char*>(static_cast<const char*>(f->stack)) - guard;
      ASAN_UNPOISON_MEMORY_REGION(pages + guard, stack_size);
      munmap(pages, guard + stack_size);
    }
    all_.clear(), free_.clear();
  }

 private:
  static constexpr std::size_t guard =
      4096;  // overflow traps; also spreads the stacks over the cache

  fiber& make() {
    void* pages = mmap(nullptr, guard + stack_size, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (pages == MAP_FAILED || mprotect(pages, guard, PROT_NONE) != 0) throw std::bad_alloc();
    const auto f = all_.emplace_back(std::make_unique<fiber>()).get();
    f->stack = static_cast<char*>(pages) + guard;
    f->size = stack_size;
    // Stacks that begin at different lines of a page fall into different sets of the cache.
    const std::size_t shift = all_.size() % 32 * 64;
    f->context = boost::context::detail::make_fcontext(
        static_cast<char*>(pages) + guard + stack_size - shift, stack_size - shift, enter);
    return *f;
  }

  static void enter(boost::context::detail::transfer_t came) {
    auto& from = *static_cast<fiber*>(came.data);
    from.context = came.fctx;
#ifdef TNN_EMULATOR_ASAN
    __sanitizer_finish_switch_fiber(nullptr, &from.stack, &from.size);
#endif
    run_(*started_);
  }

 public:
  /// Switches, whether `to` is new or was left before.
  static void go(fiber& from, fiber& to) {
    started_ = &to;
    switch_fiber(from, to);
  }

 private:
  inline static void (*run_)(fiber&) = nullptr;
  inline static fiber* started_ = nullptr;
  std::vector<std::unique_ptr<fiber>> all_;
  std::vector<fiber*> free_;
};

}  // namespace tnn_emulator
