// Each kernel by itself, by nvcc: see tests/cuda/kernels.cpp.
#include "cuda/kernels.cpp"
