#pragma once
// The Thrust backend with every layer's math. Link tnn::thrust, which picks Thrust's system.
#include <tnn/core/requirements.hpp>

#include <tnn/backend/thrust/thrust.hpp>
#include <tnn/layers/compute.hpp>
#include <tnn/layers/conv2d/direct.hpp>
#include <tnn/layers/linear/direct.hpp>
#include <tnn/tnn.hpp>
