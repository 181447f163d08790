#pragma once
// sum[i] = parts[0][i] + parts[1][i] + ...: how a sum that was cut into parts is put together, in
// order.
#include <cstdint>

#include <tnn/core/host_device.hpp>

namespace tnn::detail {

template <class T>
struct add_up {
  const T* parts;  ///< (count, size)
  T* sum;
  std::int64_t size;
  int count;
  TNN_HOST_DEVICE constexpr void operator()(std::int64_t i) const {
    T s = parts[i];
    for (int k = 1; k < count; ++k) s += parts[k * size + i];
    sum[i] = s;
  }
};

}  // namespace tnn::detail
