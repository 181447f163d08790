#pragma once
// What device code calls.
#include <math.h>  // expf and its like without std::, as nvcc has them

#include <bit>
#include <cstring>
#include <type_traits>

#include "shared.hpp"
#ifdef TNN_EMULATOR_THREADS
#include "threads.hpp"
#else
#include "fibers.hpp"
#endif

inline dim3 blockDim{}, gridDim{};  // of the launch that runs
inline constexpr int warpSize = 32;

inline void __syncthreads(const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
  tnn_emulator::running().barrier({file, line});
}
inline void __syncwarp(unsigned mask = 0xffffffff, const char* file = __builtin_FILE(),
                       int line = __builtin_LINE()) {
  tnn_emulator::running().exchange(tnn_emulator::doing::sync, mask, 0, 0, {file, line});
}
inline unsigned __ballot_sync(unsigned mask, int predicate, const char* file = __builtin_FILE(),
                              int line = __builtin_LINE()) {
  return static_cast<unsigned>(tnn_emulator::running().exchange(tnn_emulator::doing::ballot, mask,
                                                                predicate != 0, 0, {file, line}));
}
inline int __any_sync(unsigned mask, int predicate, const char* file = __builtin_FILE(),
                      int line = __builtin_LINE()) {
  return static_cast<int>(tnn_emulator::running().exchange(tnn_emulator::doing::any, mask,
                                                           predicate != 0, 0, {file, line}));
}
inline int __all_sync(unsigned mask, int predicate, const char* file = __builtin_FILE(),
                      int line = __builtin_LINE()) {
  return static_cast<int>(tnn_emulator::running().exchange(tnn_emulator::doing::all, mask,
                                                           predicate != 0, 0, {file, line}));
}
inline unsigned __activemask() = delete;  // says nothing that a program may rely on

namespace tnn_emulator {
/// `value` of lane `source` of this thread's part of `width` lanes; its own where source is
/// outside.
template <class T>
T shuffle(unsigned mask, T value, int source, bool inside, site where) {
  static_assert(std::is_arithmetic_v<T>, "CUDA shuffles numbers only");
  std::uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof value);
  const unsigned lane = current_thread % device::warp;
  bits = running().exchange(doing::shfl, mask, bits, inside ? static_cast<unsigned>(source) : lane,
                            where);
  std::memcpy(&value, &bits, sizeof value);
  return value;
}
inline int lane_in(int width, site where) {
  if (width < 1 || width > warpSize || !std::has_single_bit(static_cast<unsigned>(width)))
    fail("a shuffle (" + where.text() + ") has width " + std::to_string(width));
  return static_cast<int>(current_thread % device::warp);
}
}  // namespace tnn_emulator

template <class T>
T __shfl_sync(unsigned mask, T value, int source, int width = warpSize,
              const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
  const int lane = tnn_emulator::lane_in(width, {file, line});
  return tnn_emulator::shuffle(mask, value, lane / width * width + (source & (width - 1)), true,
                               {file, line});
}
template <class T>
T __shfl_up_sync(unsigned mask, T value, unsigned delta, int width = warpSize,
                 const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
  const int lane = tnn_emulator::lane_in(width, {file, line});
  const int source = lane - static_cast<int>(delta);
  return tnn_emulator::shuffle(mask, value, source, source >= lane / width * width, {file, line});
}
template <class T>
T __shfl_down_sync(unsigned mask, T value, unsigned delta, int width = warpSize,
                   const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
  const int lane = tnn_emulator::lane_in(width, {file, line});
  const int source = lane + static_cast<int>(delta);
  return tnn_emulator::shuffle(mask, value, source, source < (lane / width + 1) * width,
                               {file, line});
}
template <class T>
T __shfl_xor_sync(unsigned mask, T value, int lane_mask, int width = warpSize,
                  const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
  const int lane = tnn_emulator::lane_in(width, {file, line});
  // Lanes of an earlier part may be read, of a later one not.
  const int source = lane ^ lane_mask;
  return tnn_emulator::shuffle(mask, value, source, source < (lane / width + 1) * width,
                               {file, line});
}

#define TNN_EMULATOR_ATOMIC(T) \
  inline T atomicAdd(T* p, T value) { return __atomic_fetch_add(p, value, __ATOMIC_RELAXED); }
TNN_EMULATOR_ATOMIC(int)
TNN_EMULATOR_ATOMIC(unsigned)
TNN_EMULATOR_ATOMIC(unsigned long long)
#undef TNN_EMULATOR_ATOMIC

inline void __threadfence() { std::atomic_thread_fence(std::memory_order_seq_cst); }

/// A load that also asks for the alignment that the device asks for.
template <class T>
T __ldg(const T* p) {
  if (reinterpret_cast<std::uintptr_t>(p) % alignof(T) != 0) tnn_emulator::fail("loads misaligned");
  return *p;
}
