#pragma once
// Tanh: torch.nn.Tanh. y = (exp(x) - exp(-x)) / (exp(x) + exp(-x)); dx = dy (1 - y^2).
#include <tnn/core/layer.hpp>

namespace tnn {

struct Tanh : elementwise {};

}  // namespace tnn
