#pragma once
// SiLU: torch.nn.SiLU, also called swish. y = x s(x) with s(x) = 1 / (1 + exp(-x));
// dx = dy s(x) (1 + x (1 - s(x))).
#include <tnn/core/layer.hpp>

namespace tnn {

struct SiLU : elementwise {};

}  // namespace tnn
