#pragma once
// Tanh: torch.nn.Tanh. y = (exp(x) - exp(-x)) / (exp(x) + exp(-x)); dx = dy (1 - y^2).
// Where y is near 1 the difference loses digits: in float dx is within 4e-7 |dy|, which of dx
// itself is 3e-5 at |x| = 3 and 1.4e-3 at 5. PyTorch computes the same and is as far off.
#include <tnn/core/layer.hpp>

namespace tnn {

struct Tanh : elementwise {};

}  // namespace tnn
