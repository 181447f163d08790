#pragma once
// What every run-time refusal of tnn throws. The text names the file or value found, what was
// expected, and what to do about it.
#include <tnn/core/requirements.hpp>

#include <stdexcept>

namespace tnn {

struct error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A loss or a weight that is no finite number: what the training has come to is of no use.
struct divergence : error {
  using error::error;
};

}  // namespace tnn
