#pragma once
// Identity: torch.nn.Identity. y = x; no work is done.
#include <tnn/core/layer.hpp>

namespace tnn {

struct Identity : elementwise {};

}  // namespace tnn
