#pragma once
// The Reference backend with every layer's math: naive, constexpr, the oracle of the tests.
#include <tnn/core/requirements.hpp>

#include <tnn/backend/reference/reference.hpp>
#include <tnn/layers/adaptive_avgpool2d/reference.hpp>
#include <tnn/layers/avgpool2d/reference.hpp>
#include <tnn/layers/batchnorm/reference.hpp>
#include <tnn/layers/concat/reference.hpp>
#include <tnn/layers/conv2d/reference.hpp>
#include <tnn/layers/dropout/reference.hpp>
#include <tnn/layers/flatten/reference.hpp>
#include <tnn/layers/gate/reference.hpp>
#include <tnn/layers/gelu/reference.hpp>
#include <tnn/layers/identity/reference.hpp>
#include <tnn/layers/leaky_relu/reference.hpp>
#include <tnn/layers/linear/reference.hpp>
#include <tnn/layers/local_response_norm/reference.hpp>
#include <tnn/layers/maxpool2d/reference.hpp>
#include <tnn/layers/relu/reference.hpp>
#include <tnn/layers/residual/reference.hpp>
#include <tnn/layers/sigmoid/reference.hpp>
#include <tnn/layers/silu/reference.hpp>
#include <tnn/layers/tanh/reference.hpp>
#include <tnn/tnn.hpp>
