// Layers in runs by nvcc: see tests/suite/branches.cpp.
#include "suite/branches.cpp"
