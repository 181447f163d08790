#pragma once
// How tensor cores round what they are given: bf16 keeps 8 bits and takes the nearest, the even one
// of two (cvt.rn.bf16.f32); tf32 keeps 11 and takes the nearest, of two the one farther from zero
// (cvt.rna.tf32.f32). Either may come to infinity; a NaN stays one.
#include <bit>
#include <cmath>
#include <cstdint>

namespace tnn_emulator {

inline float to_tf32(float x) {
  const auto bits = std::bit_cast<std::uint32_t>(x);
  if (std::isnan(x)) return std::bit_cast<float>(0x7fffffffu & ~0x1fffu);
  if (std::isinf(x)) return x;
  return std::bit_cast<float>((bits + 0x1000u) & ~0x1fffu);
}

inline std::uint16_t to_bf16(float x) {
  const auto bits = std::bit_cast<std::uint32_t>(x);
  if (std::isnan(x)) return 0x7fff;
  return static_cast<std::uint16_t>((bits + 0x7fffu + (bits >> 16 & 1)) >> 16);
}
inline float from_bf16(std::uint16_t bits) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16);
}

}  // namespace tnn_emulator
