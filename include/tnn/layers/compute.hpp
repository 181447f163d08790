#pragma once
// The math that every backend with for_each has. Conv2d and Linear are each backend's own.
#include <tnn/layers/adaptive_avgpool2d/compute.hpp>
#include <tnn/layers/avgpool2d/compute.hpp>
#include <tnn/layers/batchnorm/compute.hpp>
#include <tnn/layers/dropout/compute.hpp>
#include <tnn/layers/flatten/compute.hpp>
#include <tnn/layers/gelu/compute.hpp>
#include <tnn/layers/identity/compute.hpp>
#include <tnn/layers/leaky_relu/compute.hpp>
#include <tnn/layers/local_response_norm/compute.hpp>
#include <tnn/layers/maxpool2d/compute.hpp>
#include <tnn/layers/relu/compute.hpp>
#include <tnn/layers/sigmoid/compute.hpp>
#include <tnn/layers/silu/compute.hpp>
#include <tnn/layers/tanh/compute.hpp>
