// The suite for nvcc: see tests/suite/layers.cpp.
#include "suite/layers.cpp"
