#pragma once
// Weights in and out as safetensors. Checkpoints need the training headers:
// <tnn/io/checkpoint.hpp>.
#include <tnn/core/requirements.hpp>

#include <tnn/io/safetensors.hpp>
#include <tnn/io/weights.hpp>
