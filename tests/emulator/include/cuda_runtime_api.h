#pragma once
// CCCL, which holds Thrust, includes it by this name, and then CUDA's half floats but for these:
#define CCCL_DISABLE_FP16_SUPPORT
#define CCCL_DISABLE_BF16_SUPPORT
#include <cuda_runtime.h>
