#pragma once
// TNN_HOST_DEVICE marks the functions and functors that CUDA kernels call too. It is empty for
// every compiler but nvcc.
#include <tnn/core/requirements.hpp>

#ifdef __CUDACC__
#define TNN_HOST_DEVICE __host__ __device__
#else
#define TNN_HOST_DEVICE
#endif
