#pragma once
// A gradient on its way to a value: it is stored, or added to what others have given.
#include <cstdint>

#include <tnn/core/host_device.hpp>

namespace tnn::detail {

/// to[i] = from[i], or to[i] += from[i]
template <class T>
struct give {
  const T* from;
  T* to;
  bool adds;
  TNN_HOST_DEVICE constexpr void operator()(std::int64_t i) const {
    to[i] = adds ? to[i] + from[i] : from[i];
  }
};

}  // namespace tnn::detail
