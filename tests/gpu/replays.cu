// Graphs and staged batches by nvcc: see tests/cuda/training.cpp.
#include "cuda/training.cpp"
