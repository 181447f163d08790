#pragma once
// Whole numbers, on the host and on devices: division that rounds up, and the smaller of two.
#include <concepts>
#include <cstdint>
#include <type_traits>

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

/// The smaller of two integers, as the narrower of their types. Where the types differ, both must
/// be 0 or more.
template <std::integral A, std::integral B>
TNN_HOST_DEVICE constexpr auto least(A a, B b) {
  using wide = std::common_type_t<A, B>;
  using narrow = std::conditional_t<sizeof(A) < sizeof(B), A, B>;
  return static_cast<wide>(a) < static_cast<wide>(b) ? static_cast<narrow>(a)
                                                     : static_cast<narrow>(b);
}

}  // namespace tnn::detail
