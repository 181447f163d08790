// The runs of layers that Cuda does together, as the suite asks for them; here for scripts/mutate.
#define TNN_SUITE_HEADER <tnn/cuda.cuh>
#define TNN_SUITE_BACKENDS tnn::Cuda
#include "suite/steps.cpp"
#include "support/expected.cpp"
