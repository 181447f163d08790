#pragma once
// A network whose weights are a file of some hundred bytes.
#include <tnn/tnn.hpp>

using fuzz_net = tnn::Sequential<tnn::Input<1, 2, 2>, tnn::Flatten, tnn::Linear<2>>;
