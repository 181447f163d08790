#pragma once
// Whole numbers: division that rounds up, on the host and on devices; what is left of many.
#include <cstdint>

#include <tnn/core/host_device.hpp>

namespace tnn::detail {

/// The least number of pieces of size b that hold a: a / b, rounded up. Of numbers that are 0 or
/// more.
template <class A, class B>
TNN_HOST_DEVICE constexpr auto ceil_div(A a, B b) {
  return (a + b - 1) / b;
}
/// The least multiple of b that is a or more.
template <class A, class B>
TNN_HOST_DEVICE constexpr auto round_up(A a, B b) {
  return ceil_div(a, b) * b;
}

/// The less of the two: what is left, but no more than `most`.
template <class A>
TNN_HOST_DEVICE constexpr int least(A left, int most) {
  return left < most ? static_cast<int>(left) : most;
}

}  // namespace tnn::detail
