#pragma once
// ReLU: torch.nn.ReLU. y = max(x, 0); a NaN stays a NaN. dx = dy where y > 0, else 0.
#include <tnn/core/layer.hpp>

namespace tnn {

struct ReLU : elementwise {};

}  // namespace tnn
