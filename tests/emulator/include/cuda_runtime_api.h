#pragma once
// Thrust looks for it even on its host systems.
#include <cuda_runtime.h>
