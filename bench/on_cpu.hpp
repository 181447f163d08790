#pragma once
// What the benches of Cpu's layers share: a clock, and memory with numbers in it.
#include <chrono>
#include <cstdint>

#include <tnn/backend/cpu/cpu.hpp>

/// Since some moment.
inline double seconds() {
  using clock = std::chrono::steady_clock;
  return std::chrono::duration<double>(clock::now().time_since_epoch()).count();
}

/// n numbers between -scale and scale, the same in each run.
inline tnn::Cpu::Buffer<float> filled(tnn::Cpu& cpu, std::int64_t n, float scale = 1) {
  auto buffer = cpu.allocate<float>(n);
  unsigned h = 1;
  for (std::int64_t i = 0; i < n; ++i) {
    h = h * 1664525u + 1013904223u;  // Numerical Recipes' linear congruence
    buffer.data()[i] = (static_cast<float>(h >> 8) / 8388608.0f - 1.0f) * scale;
  }
  return buffer;
}
