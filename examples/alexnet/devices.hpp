#pragma once
// The backends that this program was built with.
#include <string>
#include <vector>

#include "run.hpp"

namespace program {

/// In the order of the bench's table.
std::vector<device> devices();

/// The device of that name; tnn::error, with how to build it, where it is missing.
device device_called(const std::string& name);

/// tnn::error where the device has no such precision.
void require_precision(const device& d, precision_kind precision);

}  // namespace program
