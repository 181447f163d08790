#pragma once
// BatchNorm in inference behind a convolution that makes z:  y = scale z + shift,
//   scale = w / sqrt(running_var + eps),  shift = b - scale running_mean
#include <tnn/core/compute.hpp>
#include <tnn/core/host_device.hpp>
#include <tnn/core/math.hpp>
#include <tnn/layers/batchnorm/batchnorm.hpp>

namespace tnn::detail {

template <class Norm, class T>
struct batchnorm_affine {
  const T* weight;
  const T* bias;
  const T* mean;
  const T* var;
  T* scale;
  T* shift;

  /// Of a run whose second layer is the norm. The convolution adds its own bias before.
  template <class Pass>
  static constexpr batchnorm_affine of(const Pass& p, T* scale, T* shift) {
    constexpr std::integral_constant<int, 1> norm;
    return {p.get(tensor_name::weight{}, norm),
            p.get(tensor_name::bias{}, norm),
            p.get(tensor_name::running_mean{}, norm),
            p.get(tensor_name::running_var{}, norm),
            scale,
            shift};
  }
  TNN_HOST_DEVICE constexpr void operator()(std::int64_t c) const {
    scale[c] = weight[c] / math::sqrt(var[c] + ratio_value<typename Norm::eps, T>);
    shift[c] = bias[c] - scale[c] * mean[c];
  }
};

}  // namespace tnn::detail
