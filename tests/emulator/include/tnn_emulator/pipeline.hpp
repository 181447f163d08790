#pragma once
// Copies into shared memory that a thread has made behind its back. They are made only when the
// thread waits for them, so that what reads too early finds what was there before.
#include <array>
#include <cstring>
#include <utility>
#include <vector>

#include "block.hpp"

namespace tnn_emulator {

class pipeline {
 public:
  struct copy {
    void* to;
    const void* from;
    std::size_t bytes, zeros;  ///< zeros: of the bytes, at their end, in place of what is there
  };
  void begin() { open_.clear(), committed_.clear(); }
  void put(copy c) { open_.push_back(c); }
  void commit() { committed_.push_back(std::exchange(open_, {})); }
  /// All but the last n commits arrive.
  void wait_prior(std::size_t n) {
    const std::size_t all = committed_.size(), now = all > n ? all - n : 0;
    for (std::size_t i = 0; i < now; ++i)
      for (const copy& c : committed_[i]) {
        std::memcpy(c.to, c.from, c.bytes - c.zeros);
        std::memset(static_cast<char*>(c.to) + (c.bytes - c.zeros), 0, c.zeros);
      }
    committed_.erase(committed_.begin(), committed_.begin() + static_cast<std::ptrdiff_t>(now));
  }
  bool under_way() const {
    for (const auto& c : committed_)
      if (!c.empty()) return true;
    return !open_.empty();
  }

 private:
  std::vector<copy> open_;
  std::vector<std::vector<copy>> committed_;
};

/// Of the thread with that number in its block.
inline pipeline& pipeline_of(unsigned thread) {
  static std::array<pipeline, device::block_threads> all;
  return all[thread];
}

}  // namespace tnn_emulator
