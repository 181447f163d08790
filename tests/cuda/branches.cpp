// Networks that branch on Cuda, as the suite asks for them; here for scripts/mutate.
#define TNN_SUITE_HEADER <tnn/cuda.cuh>
#define TNN_SUITE_BACKENDS tnn::Cuda
#include "suite/branches.cpp"
#include "support/expected.cpp"
