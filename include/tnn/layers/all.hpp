#pragma once
// Every layer's description: shapes, rules and parameters. No math.
#include <tnn/layers/adaptive_avgpool2d/adaptive_avgpool2d.hpp>
#include <tnn/layers/avgpool2d/avgpool2d.hpp>
#include <tnn/layers/batchnorm/batchnorm.hpp>
#include <tnn/layers/conv2d/conv2d.hpp>
#include <tnn/layers/dropout/dropout.hpp>
#include <tnn/layers/expect/expect.hpp>
#include <tnn/layers/flatten/flatten.hpp>
#include <tnn/layers/identity/identity.hpp>
#include <tnn/layers/leaky_relu/leaky_relu.hpp>
#include <tnn/layers/linear/linear.hpp>
#include <tnn/layers/local_response_norm/local_response_norm.hpp>
#include <tnn/layers/maxpool2d/maxpool2d.hpp>
#include <tnn/layers/relu/relu.hpp>
#include <tnn/layers/sigmoid/sigmoid.hpp>
#include <tnn/layers/silu/silu.hpp>
#include <tnn/layers/tanh/tanh.hpp>
