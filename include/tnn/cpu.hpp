#pragma once
// The Cpu backend with every layer's math: registers by the compilers' vector extension, threads of
// its own.
#include <tnn/core/requirements.hpp>

#include <tnn/backend/cpu/cpu.hpp>
#include <tnn/layers/batchnorm/cpu.hpp>
#include <tnn/layers/compute.hpp>
#include <tnn/layers/concat/cpu.hpp>
#include <tnn/layers/conv2d/cpu.hpp>
#include <tnn/layers/linear/cpu.hpp>
#include <tnn/layers/maxpool2d/cpu.hpp>
#include <tnn/tnn.hpp>
