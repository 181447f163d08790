// The suite for nvcc: see tests/suite/training.cpp.
#include "suite/training.cpp"
