// A layer of one's own by nvcc, its math on the device: see tests/cuda/own_layer.cpp.
#include "cuda/own_layer.cpp"
