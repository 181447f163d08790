#pragma once
// The copies that a thread has made behind its back: tnn_emulator/pipeline.hpp.
#include <cuda_runtime.h>

inline void __pipeline_memcpy_async(void* to, const void* from, std::size_t bytes,
                                    std::size_t zeros = 0) {
  const auto wrong = [&](const std::string& what) {
    tnn_emulator::fail("passes __pipeline_memcpy_async " + what);
  };
  if (bytes != 4 && bytes != 8 && bytes != 16) wrong(std::to_string(bytes) + " bytes");
  if (zeros > bytes) wrong(std::to_string(zeros) + " zeros");
  for (const void* p : {static_cast<const void*>(to), from})
    if (reinterpret_cast<std::uintptr_t>(p) % bytes != 0)
      wrong("an address that is no multiple of " + std::to_string(bytes));
  tnn_emulator::pipeline_of(tnn_emulator::current_thread).put({to, from, bytes, zeros});
}
inline void __pipeline_commit() {
  tnn_emulator::pipeline_of(tnn_emulator::current_thread).commit();
}
inline void __pipeline_wait_prior(std::size_t n) {
  tnn_emulator::pipeline_of(tnn_emulator::current_thread).wait_prior(n);
}
