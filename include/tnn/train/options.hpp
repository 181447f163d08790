#pragma once
// Checks of options that are numbers.
#include <string>

#include <tnn/core/error.hpp>
#include <tnn/core/exact.hpp>
#include <tnn/core/math.hpp>

namespace tnn::detail {

constexpr void require_fraction(const char* name, double value) {
  if (!(value >= 0 && value < 1))
    throw error("the " + std::string(name) + " is " + exact(value) + "; expected [0, 1)");
}

constexpr void require_at_least_0(const char* name, double value) {
  if (!(value >= 0 && math::is_finite(value)))
    throw error("the " + std::string(name) + " is " + exact(value) + "; expected 0 or more");
}

constexpr void require_positive(const char* name, double value) {
  if (!(value > 0 && math::is_finite(value)))
    throw error("the " + std::string(name) + " is " + exact(value) + "; expected more than 0");
}

}  // namespace tnn::detail
