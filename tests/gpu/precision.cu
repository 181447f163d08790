// Tensor cores by nvcc: see tests/cuda/precision.cpp.
#include "cuda/precision.cpp"
