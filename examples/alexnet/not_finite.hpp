#pragma once
// Finite weights may be so large that what they compute is not.
#include <filesystem>

#include <fmt/format.h>

#include <tnn/core/error.hpp>
#include <tnn/files/printable.hpp>

namespace program {

inline tnn::error not_finite(const char* what, double value, const std::filesystem::path& weights) {
  return tnn::error(fmt::format(
      "{}: {} is {}, not a finite number: these weights are too large to compute with, so their "
      "training has diverged; name others",
      tnn::detail::printable_path(weights), what, value));
}

}  // namespace program
