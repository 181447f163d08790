// Layers in runs by nvcc: see tests/suite/steps.cpp.
#include "suite/steps.cpp"
