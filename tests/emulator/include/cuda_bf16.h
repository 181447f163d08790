#pragma once
// bf16, as far as it enters a tensor core.
#include <cuda_runtime.h>

#include "tnn_emulator/rounding.hpp"

struct __nv_bfloat16 {
  std::uint16_t bits;
};
inline __nv_bfloat16 __float2bfloat16(float x) { return {tnn_emulator::to_bf16(x)}; }
inline float __bfloat162float(__nv_bfloat16 x) { return tnn_emulator::from_bf16(x.bits); }
