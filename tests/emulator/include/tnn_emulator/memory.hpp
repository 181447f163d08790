#pragma once
// Device memory: one range of addresses, closed to everybody but device work. An allocation ends
// where a page that never opens begins (but for the alignment), is filled with NaNs, and its
// addresses are never given again, so that a use after free traps too. Pinned memory is remembered.
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <iterator>
#include <map>
#include <new>
#include <vector>

#include "state.hpp"

#if defined(__SANITIZE_ADDRESS__)
#define TNN_EMULATOR_ASAN
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define TNN_EMULATOR_ASAN
#endif
#endif
#ifdef TNN_EMULATOR_ASAN
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(address, size) \
  (static_cast<void>(address), static_cast<void>(size))
#define ASAN_UNPOISON_MEMORY_REGION(address, size) \
  (static_cast<void>(address), static_cast<void>(size))
#endif

/// Where the thread and the block that run are; memory.hpp only reports them.
#ifdef TNN_EMULATOR_THREADS
inline thread_local uint3 threadIdx{}, blockIdx{};
#else
inline uint3 threadIdx{}, blockIdx{};
#endif

namespace tnn_emulator {

inline constexpr unsigned char poison = 0xFF;  // floats and doubles of these bytes are NaN

class device_memory {
 public:
  static constexpr std::size_t range = std::size_t{1} << 38, page = 4096;

  struct allocation {
    char* pages;       ///< from here on it is open during work
    std::size_t span;  ///< of the pages
    std::size_t size;  ///< as asked for; the data ends less than 256 bytes before the pages do
    std::size_t before() const { return span - (size + 255) / 256 * 256; }
    char* data() const { return pages + before(); }
    std::size_t after() const { return span - before() - size; }
    bool live = true;
  };

  device_memory();
  ~device_memory() { munmap(base_, range); }
  device_memory(const device_memory&) = delete;
  device_memory& operator=(const device_memory&) = delete;

  cudaError_t allocate(void** to, std::size_t size) {
    *to = nullptr;
    if (size == 0) return cudaSuccess;
    if (size > capacity - used) return cudaErrorMemoryAllocation;
    const std::size_t span = (size + page - 1) / page * page;
    if (next_ + span + page > base_ + range) throw failure("the emulator's addresses are used up");
    const allocation a{next_, span, size};
    protect(a, PROT_READ | PROT_WRITE);
    std::memset(a.pages, poison, a.span);
    if (!the().working) protect(a, PROT_NONE);
    ASAN_POISON_MEMORY_REGION(a.pages, a.before());
    ASAN_POISON_MEMORY_REGION(a.data() + size, a.after());
    next_ += span + page;
    used += size;
    all_[a.pages] = a;
    *to = a.data();
    return cudaSuccess;
  }

  cudaError_t release(void* p) {
    if (p == nullptr) return cudaSuccess;
    allocation* a = around(p);
    if (a == nullptr || !a->live || a->data() != p) return cudaErrorInvalidValue;
    a->live = false;
    used -= a->size;
    ASAN_UNPOISON_MEMORY_REGION(a->pages, a->span);
    madvise(a->pages, a->span, MADV_DONTNEED);
    protect(*a, PROT_NONE);
    return cudaSuccess;
  }

  bool is_mine(const void* p) const { return p >= base_ && p < base_ + range; }

  /// The live allocation that holds [p, p + n); null if none.
  const allocation* holding(const void* p, std::size_t n) {
    const allocation* a = is_mine(p) ? around(p) : nullptr;
    if (a == nullptr || !a->live || p < a->data()) return nullptr;
    const auto at = static_cast<std::size_t>(static_cast<const char*>(p) - a->data());
    return at <= a->size && n <= a->size - at ? a : nullptr;
  }

  void open(bool yes) const {
    for (const auto& [pages, a] : all_)
      if (a.live) protect(a, yes ? PROT_READ | PROT_WRITE : PROT_NONE);
  }

  /// Throws if what just ran wrote beside an allocation. Device memory is open.
  void check_guards() const {
    for (const auto& [pages, a] : all_)
      if (a.live) {
        check(a, a.pages, a.before());
        check(a, a.data() + a.size, a.after());
      }
  }

  /// The allocation at or before an address.
  allocation* around(const void* p) {
    const auto next = all_.upper_bound(static_cast<const char*>(p));
    return next == all_.begin() ? nullptr : &std::prev(next)->second;
  }

  std::size_t capacity = std::size_t{4} << 30, used = 0;

 private:
  static void protect(const allocation& a, int access) {
    if (mprotect(a.pages, a.span, access) != 0) throw std::bad_alloc();
  }
  static void check(const allocation& a, char* from, std::size_t n) {
    static const std::vector<unsigned char> untouched(page, poison);
    ASAN_UNPOISON_MEMORY_REGION(from, n);
    for (std::size_t i = std::memcmp(from, untouched.data(), n) == 0 ? n : 0; i < n; ++i)
      if (static_cast<unsigned char>(from[i]) != poison) {
        std::memset(from, poison, n);
        const auto at = from + i - a.data();
        const auto over = at - static_cast<std::ptrdiff_t>(a.size);
        throw failure(the().doing + " wrote " + std::to_string(at < 0 ? -at : over) + " bytes " +
                      (at < 0 ? "before" : "past") + " an allocation of " + std::to_string(a.size) +
                      " bytes");
      }
    ASAN_POISON_MEMORY_REGION(from, n);
  }

  char *base_, *next_;
  std::map<const char*, allocation> all_;
};

inline device_memory& memory() {
  static device_memory m;
  return m;
}

/// What cudaMemGetInfo calls the total.
inline void set_device_memory(std::size_t bytes) { memory().capacity = bytes; }

// --- a trap in device memory says who and where, then the process ends by the signal -------------

inline struct sigaction signal_before;

/// A string in a signal handler is sound here: the signal comes from a load or store of the
/// program's.
inline void explain_trap(int, siginfo_t* info, void*) {
  const auto* at = static_cast<const char*>(info->si_addr);
  std::string line = "tnn emulator: " + (the().working ? the().doing : "the host");
  if (the().in_kernel) line += ", block " + text(blockIdx) + ", thread " + text(threadIdx);
  line += " touched ";
  const device_memory::allocation* a = memory().is_mine(at) ? memory().around(at) : nullptr;
  if (a == nullptr) {
    line += "what is no device memory";
  } else {
    const std::ptrdiff_t from = at - a->data(), over = from - static_cast<std::ptrdiff_t>(a->size);
    line += over < 0 ? "byte " + std::to_string(from) + " of"
                     : "what is " + std::to_string(over) + " bytes past";
    line += (a->live ? " a device allocation of " : " a freed device allocation of ") +
            std::to_string(a->size) + " bytes";
  }
  line += '\n';
  if (write(STDERR_FILENO, line.data(), line.size()) < 0) _exit(1);
  sigaction(SIGSEGV, &signal_before, nullptr);  // and again, for the one before
}

inline device_memory::device_memory() {
  void* const start =
      mmap(nullptr, range, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (start == MAP_FAILED) throw std::bad_alloc();
  madvise(start, range, MADV_HUGEPAGE);  // opening and closing costs by the page
  base_ = static_cast<char*>(start);
  next_ = base_ + page;
}

/// Test frameworks put their handlers in its place, so it is installed again as work begins.
inline void explain_traps() {
  struct sigaction now {};
  sigaction(SIGSEGV, nullptr, &now);
  if ((now.sa_flags & SA_SIGINFO) != 0 && now.sa_sigaction == explain_trap) return;
  signal_before = now;
  // A stack of its own, since that of a kernel may be what ran over.
  static std::vector<char> stack(std::size_t{1} << 16);
  stack_t other{};
  other.ss_sp = stack.data(), other.ss_size = stack.size();
  sigaltstack(&other, nullptr);
  struct sigaction action {};
  action.sa_sigaction = explain_trap;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigaction(SIGSEGV, &action, nullptr);
}

// --- pinned memory -----------------------------------------------------------------------------

class pinned_memory {
 public:
  void* allocate(std::size_t size) {
    void* p = ::operator new (size, std::align_val_t{4096}, std::nothrow);
    if (p == nullptr) return p;
    std::memset(p, poison, size);
    all_[static_cast<const char*>(p)] = size;
    return p;
  }
  bool release(void* p) {
    if (all_.erase(static_cast<const char*>(p)) == 0) return false;
    ::operator delete (p, std::align_val_t{4096});
    return true;
  }
  /// Does p lie in pinned memory? Then `fits` says if [p, p + n) does.
  bool holds(const void* p, std::size_t n, bool& fits) const {
    const auto* at = static_cast<const char*>(p);
    const auto next = all_.upper_bound(at);
    if (next == all_.begin()) return false;
    const auto& [start, size] = *std::prev(next);
    if (at >= start + size) return false;
    fits = n <= static_cast<std::size_t>(start + size - at);
    return true;
  }

 private:
  std::map<const char*, std::size_t> all_;
};
inline pinned_memory& pinned() {
  static pinned_memory m;
  return m;
}

}  // namespace tnn_emulator
