#pragma once
// A gradient on its way to a value: it is stored, or added to what others have given.
#include <cstdint>

#include <tnn/core/host_device.hpp>

namespace tnn::detail {

/// to = d, or to += d
template <class T>
TNN_HOST_DEVICE constexpr void give(T& to, T d, bool adds) {
  to = adds ? to + d : d;
}

/// to[i] += from[i]
template <class T>
struct add_to {
  const T* from;
  T* to;
  TNN_HOST_DEVICE constexpr void operator()(std::int64_t i) const { give(to[i], from[i], true); }
};

}  // namespace tnn::detail
