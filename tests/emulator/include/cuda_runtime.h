#pragma once
// CUDA's runtime, emulated on the host: see tests/emulator/README.md.
#define TNN_CUDA_EMULATOR 1

#include "tnn_emulator/api.hpp"
#include "tnn_emulator/device.hpp"
#include "tnn_emulator/graph.hpp"
#include "tnn_emulator/launch.hpp"
#include "tnn_emulator/stream_api.hpp"
