#pragma once
// The Cuda backend with every layer's math. Link tnn::cuda.
#include <tnn/core/requirements.hpp>

#include <tnn/backend/cuda/cuda.cuh>
#include <tnn/backend/cuda/range.cuh>
#include <tnn/backend/cuda/stage.cuh>
#include <tnn/layers/batchnorm/cuda.cuh>
#include <tnn/layers/compute.hpp>
#include <tnn/layers/conv2d/cuda.cuh>
#include <tnn/layers/linear/cuda.cuh>
#include <tnn/tnn.hpp>
