#pragma once
// A block that runs: who waits at which barrier, and what warps exchange. The schedulers
// (fibers.hpp, threads.hpp) only know how a thread is parked and made ready again.
#include <array>
#include <atomic>
#include <functional>
#include <string>

#include "memory.hpp"

namespace tnn_emulator {

/// Unwinds a thread of a launch that failed.
struct abandoned {};

/// A place in the source.
struct site {
  const char* file = nullptr;
  int line = 0;
  bool operator==(const site& o) const { return line == o.line && file == o.file; }
  std::string text() const { return std::string(file) + ":" + std::to_string(line); }
};

#ifdef TNN_EMULATOR_THREADS
inline thread_local unsigned current_thread = 0;
using block_mutex = std::mutex;
#else
inline unsigned current_thread = 0;
struct block_mutex {
  void lock() {}
  void unlock() {}
};
#endif

enum class doing : unsigned char {
  nothing,
  running,
  barrier,
  exited,
  shfl,
  ballot,
  any,
  all,
  sync,
  load_blocks,
  mma
};
constexpr const char* name_of(doing d) {
  switch (d) {
    case doing::barrier:
      return "__syncthreads";
    case doing::shfl:
      return "a shuffle";
    case doing::ballot:
      return "__ballot_sync";
    case doing::any:
      return "__any_sync";
    case doing::all:
      return "__all_sync";
    case doing::sync:
      return "__syncwarp";
    case doing::load_blocks:
      return "ldmatrix";
    case doing::mma:
      return "mma";
    default:
      return "nothing";
  }
}

class block {
 public:
  unsigned size = 0;
  std::function<void()> kernel;

  void set_shape(dim3 shape) {
    size = shape.x * shape.y * shape.z;
    if (shape.x == shape_.x && shape.y == shape_.y && shape.z == shape_.z) return;
    shape_ = shape;
    for (unsigned t = 0; t < size; ++t)
      places_[t] = {t % shape.x, t / shape.x % shape.y, t / (shape.x * shape.y)};
  }

  /// The block starts anew. All its threads are about to run.
  void begin() {
    for (unsigned t = 0; t < size; ++t) threads_[t].set(doing::running);
    for (unsigned w = 0; w * device::warp < size; ++w) warps_[w].arrived = 0;
    waiting_ = 0;
    failed = false;
  }
  uint3 place(unsigned t) const { return places_[t]; }
  bool has_exited(unsigned t) const { return threads_[t].get() == doing::exited; }
  void exit(unsigned t) { threads_[t].set(doing::exited); }

  void barrier(site where);
  std::uint64_t exchange(doing what, unsigned mask, std::uint64_t value, unsigned source,
                         site where);

  /// What each lane of a warp brought.
  using lanes = std::array<const void*, device::warp>;
  /// The last of a warp's 32 lanes to come to this one place does `work` with what all brought.
  void together(doing what, const void* mine, void (*work)(const lanes&), site where);

  /// Why nobody can go on: one that waits, and one that does something else.
  std::string stuck() const {
    unsigned waits = 0;
    while (waits + 1 < size && has_exited(waits)) ++waits;
    std::string s = "thread " + text(place(waits)) + " waits at " + describe(waits);
    for (unsigned t = 0; t < size; ++t)
      if (threads_[t].get() != threads_[waits].get() ||
          !(threads_[t].where == threads_[waits].where))
        return s + ", but thread " + text(place(t)) +
               (has_exited(t) ? " has exited" : " waits at " + describe(t));
    return s + " for lanes that wait with another mask";
  }

  bool failed = false;
  std::string failure_text;

 private:
  struct thread_record {
    doing get() const { return doing_.load(std::memory_order_relaxed); }
    void set(doing d) { doing_.store(d, std::memory_order_relaxed); }
    site where;
    unsigned mask = 0, source = 0;
    std::uint64_t in = 0, out = 0;
    void (*work)(const lanes&) = nullptr;

   private:
    std::atomic<doing> doing_ = doing::nothing;
  };
  struct warp_record {
    unsigned arrived = 0;  // lanes that wait in an exchange
    block_mutex mutex;
  };

  std::string describe(unsigned t) const {
    return std::string(name_of(threads_[t].get())) + " (" + threads_[t].where.text() + ")";
  }
  void complete(unsigned first, unsigned mask, doing what);

  dim3 shape_{0, 0, 0};
  std::array<uint3, device::block_threads> places_;
  std::array<thread_record, device::block_threads> threads_;
  std::array<warp_record, device::block_threads / device::warp> warps_;
  block_mutex mutex_;
  unsigned waiting_ = 0;
  site barrier_;
};

/// The block that runs.
inline block& running() {
  static block b;
  return b;
}

// --- what a scheduler supplies -----------------------------------------------------------------

void park(unsigned t);   ///< returns once t was made ready
void ready(unsigned t);  ///< t may go on
void ready_all();        ///< all of the block, in the order of threads
[[noreturn]] void fail(
    const std::string& what);  ///< ends the launch; `what` is said of this thread

// --- barriers and exchanges --------------------------------------------------------------------

inline void block::barrier(site where) {
  const unsigned me = current_thread;
  {
    const std::lock_guard lock(mutex_);
    if (waiting_ > 0 && !(barrier_ == where))
      fail("waits at __syncthreads (" + where.text() + ") while others wait at " + barrier_.text());
    barrier_ = threads_[me].where = where;
    threads_[me].set(doing::barrier);
    if (++waiting_ == size) {
      waiting_ = 0;
      for (unsigned t = 0; t < size; ++t) threads_[t].set(doing::running);
      ready_all();
    }
  }
  park(me);
}

/// `value` of lane `source` for shuffles, or of all lanes together; all named by `mask` take part.
inline std::uint64_t block::exchange(doing what, unsigned mask, std::uint64_t value,
                                     unsigned source, site where) {
  const unsigned me = current_thread, lane = me % device::warp, first = me - lane;
  warp_record& warp = warps_[me / device::warp];
  const auto call = [&] { return std::string(name_of(what)) + " (" + where.text() + ") "; };
  if ((mask >> lane & 1) == 0) fail(call() + "is not named by the mask it passes");
  const unsigned there = std::min(size - first, device::warp);
  if (there < device::warp && mask >> there != 0)
    fail(call() + "names lanes that the block does not have");
  if (what == doing::shfl && (mask >> source & 1) == 0)
    fail(call() + "reads lane " + std::to_string(source) + ", which the mask does not name");
  {
    const std::lock_guard lock(warp.mutex);
    thread_record& r = threads_[me];
    r.where = where, r.mask = mask, r.source = source, r.in = value;
    r.set(what);
    warp.arrived |= 1u << lane;
    if ((warp.arrived & mask) == mask) {
      complete(first, mask, what);
      warp.arrived &= ~mask;
    }
  }
  park(me);
  return threads_[me].out;
}

inline void block::together(doing what, const void* mine, void (*work)(const lanes&), site where) {
  if (device::capability < 80)
    fail(std::string(name_of(what)) + " (" + where.text() + ") needs compute capability 8.0");
  threads_[current_thread].work = work;
  exchange(what, 0xffffffff, reinterpret_cast<std::uintptr_t>(mine), 0, where);
}

inline void block::complete(unsigned first, unsigned mask, doing what) {
  std::uint64_t together = what == doing::all ? 1 : 0;
  const auto each = [&](auto f) {
    for (unsigned l = 0; l < device::warp; ++l)
      if (mask >> l & 1) f(threads_[first + l], l);
  };
  each([&](const thread_record& r, unsigned l) {
    if (r.get() != what || r.mask != mask)
      fail(std::string(name_of(what)) + " meets lane " + std::to_string(l) + " at " +
           describe(first + l) + (r.get() == what ? " with another mask" : ""));
    if (what == doing::ballot) together |= (r.in != 0 ? std::uint64_t{1} : 0) << l;
    if (what == doing::any) together |= r.in != 0;
    if (what == doing::all) together &= r.in != 0;
    if (what >= doing::load_blocks && !(r.where == threads_[current_thread].where))
      fail(std::string(name_of(what)) + " (" + threads_[current_thread].where.text() +
           ") meets lane " + std::to_string(l) + " at " + describe(first + l));
  });
  if (what >= doing::load_blocks) {
    lanes brought;
    each([&](const thread_record& r, unsigned l) {
      brought[l] = reinterpret_cast<const void*>(static_cast<std::uintptr_t>(r.in));
    });
    threads_[current_thread].work(brought);
  }
  each([&](thread_record& r, unsigned) {
    r.out = what == doing::shfl ? threads_[first + r.source].in : together;
    r.set(doing::running);
  });
  each([&](const thread_record&, unsigned l) { ready(first + l); });
}

}  // namespace tnn_emulator
