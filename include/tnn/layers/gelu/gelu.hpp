#pragma once
// GELU: torch.nn.GELU, exact. y = x P(x) with P(x) = (1 + erf(x / sqrt(2))) / 2, the normal
// distribution; dx = dy (P(x) + x p(x)) with its density p(x) = exp(-x^2 / 2) / sqrt(2 pi).
#include <tnn/core/layer.hpp>

namespace tnn {

struct GELU : elementwise {};

}  // namespace tnn
