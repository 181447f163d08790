#pragma once
// Sigmoid: torch.nn.Sigmoid. y = 1 / (1 + exp(-x)); dx = dy y (1 - y).
#include <tnn/core/layer.hpp>

namespace tnn {

struct Sigmoid : elementwise {};

}  // namespace tnn
