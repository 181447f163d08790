#pragma once
// What all parts of the emulator know: its one lock, the orders it runs things in, where it is, and
// the exception by which it tells of an error that CUDA would leave undefined.
#include <algorithm>
#include <cstdint>
#include <mutex>
#include <numeric>
#include <stdexcept>
#include <string>
#include <utility>

#include "types.hpp"

namespace tnn_emulator {

/// Thrown out of the call in which the host learns of it: a synchronization, or a wrong call
/// itself.
struct failure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// How things are ordered that CUDA leaves unordered: blocks, threads of a block, streams, nodes of
/// a graph.
enum class order { forward, reverse, random };

struct orders {
  order threads = order::forward, blocks = order::forward, streams = order::forward;
  std::uint64_t random_state = 1;

  std::uint64_t random() {  // xorshift64*
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return random_state * 2685821657736338717u;
  }
  /// Which of n goes first.
  std::uint64_t first(order o, std::uint64_t n) {
    return o == order::forward ? 0 : o == order::reverse ? n - 1 : random() % n;
  }
};

struct state {
  std::recursive_mutex mutex;
  orders order;
  bool working = false;    ///< device memory is open
  std::string doing;       ///< "kernel NAME", "cudaMemcpyAsync", ...
  bool in_kernel = false;  ///< then threadIdx and blockIdx say more
};
inline state& the() {
  static state s;
  return s;
}

/// The device's compute capability and the architecture that kernels were compiled for, as 86.
inline void set_capability(int of_device = 86, int built_for = 86) {
  const std::lock_guard lock(the().mutex);
  device::capability = of_device, device::built_for = built_for;
}

/// How many devices there are, all alike; their memory is one.
inline void set_devices(int count) {
  const std::lock_guard lock(the().mutex);
  device::count = count;
}
/// The one that cudaSetDevice named last in this thread.
inline thread_local int current_device = 0;

/// Seed 0 stands for 1.
inline void set_order(order threads, order blocks, order streams, std::uint64_t seed = 1) {
  const std::lock_guard lock(the().mutex);
  the().order = {threads, blocks, streams, seed == 0 ? 1 : seed};
}
inline void set_order(order all, std::uint64_t seed = 1) { set_order(all, all, all, seed); }

/// The numbers 0 to n-1 in an order; a random one is i -> (a i + b) mod n, so that it needs no
/// table.
class permutation {
 public:
  permutation(order o, std::uint64_t n) : n_(n) {
    if (o == order::reverse) a_ = n - 1, b_ = n - 1;
    if (o != order::random) return;
    b_ = the().order.random() % n;
    do a_ = 1 + the().order.random() % n;
    while (std::gcd(a_, n) != 1);
  }
  std::uint64_t operator()(std::uint64_t i) const { return (a_ * i + b_) % n_; }

 private:
  std::uint64_t n_, a_ = 1, b_ = 0;
};

inline std::string text(uint3 v) {
  return std::string("(").append(std::to_string(v.x) + ", " + std::to_string(v.y) + ", " +
                                 std::to_string(v.z) + ")");
}

inline thread_local cudaError_t last_error = cudaSuccess;

/// The body of an API call: one at a time, and its error is kept for cudaGetLastError.
template <class F>
cudaError_t call(F f) {
  const std::lock_guard lock(the().mutex);
  const cudaError_t e = f();
  if (e != cudaSuccess) last_error = e;
  return e;
}

}  // namespace tnn_emulator

inline cudaError_t cudaGetLastError() {
  return std::exchange(tnn_emulator::last_error, cudaSuccess);
}
inline cudaError_t cudaPeekAtLastError() { return tnn_emulator::last_error; }
