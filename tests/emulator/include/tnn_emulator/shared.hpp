#pragma once
// Shared memory. A variable is a plain static; it is declared where a thread reaches it, and
// poisoned when the first thread of a block does. Dynamic shared memory ends where a closed page
// begins.
#include <sys/mman.h>

#include <vector>

#include "block.hpp"

namespace tnn_emulator {

class shared_memory {
 public:
  shared_memory() {
    pages_ = static_cast<char*>(
        mmap(nullptr, room + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    if (pages_ == MAP_FAILED || mprotect(pages_ + room, page, PROT_NONE) != 0)
      throw std::bad_alloc();
  }

  void begin_block() {
    variables_.clear();
    in_use_ = 0;
    ++block_;
    if (dynamic_size > 0)
      std::memset(dynamic() - before, poison, static_cast<std::size_t>(end() - dynamic()) + before);
  }
  /// Throws if something was written before the dynamic part.
  void end_block() const {
    if (dynamic_size == 0) return;
    for (const char* p = dynamic() - before; p < dynamic(); ++p)
      if (static_cast<unsigned char>(*p) != poison)
        throw failure(the().doing + ", block " + text(blockIdx) +
                      ": wrote before its dynamic shared memory");
  }

  void declare(void* p, std::size_t size) {
#ifdef TNN_EMULATOR_THREADS
    // A lock at each use would order what only a barrier may.
    thread_local std::uint64_t block = 0;
    thread_local std::vector<const void*> mine;
    if (block != block_) block = block_, mine.clear();
    if (std::find(mine.begin(), mine.end(), p) != mine.end()) return;
    mine.push_back(p);
#endif
    const std::lock_guard lock(mutex_);
    for (const void* v : variables_)
      if (v == p) return;
    variables_.push_back(p);
    in_use_ += size;
    if (in_use_ > device::shared_memory)
      fail("declares " + std::to_string(in_use_) + " bytes of static shared memory, of " +
           std::to_string(device::shared_memory) + " that there are");
    if (in_use_ + dynamic_size > device::shared_memory_opted_in)
      fail("uses " + std::to_string(in_use_ + dynamic_size) +
           " bytes of static and dynamic shared memory");
    std::memset(p, poison, size);
  }

  char* dynamic() const { return end() - (dynamic_size + 15) / 16 * 16; }

  std::size_t dynamic_size = 0;

 private:
  static constexpr std::size_t page = 4096, before = 256;
  static constexpr std::size_t room = (device::shared_memory_opted_in + page) / page * page;
  char* end() const { return pages_ + room; }

  char* pages_;
  std::vector<const void*> variables_;
  std::size_t in_use_ = 0;
  std::uint64_t block_ = 0;
  block_mutex mutex_;
};
inline shared_memory& shared() {
  static shared_memory m;
  return m;
}

/// To be called with each __shared__ variable before a thread uses it.
inline void declare_shared(void* p, std::size_t size) { shared().declare(p, size); }

/// Stands for `extern __shared__ T name[]`.
template <class T = char>
T* dynamic_shared() {
  return reinterpret_cast<T*>(shared().dynamic());
}

}  // namespace tnn_emulator
