#pragma once
// The same test bodies for every backend: each program of the suite is compiled with
// TNN_SUITE_HEADER, what to include, and TNN_SUITE_BACKENDS, the backends to run on.
#include TNN_SUITE_HEADER

#include <tnn/reference.hpp>

#include "support/layer.hpp"
