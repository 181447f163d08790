#pragma once
// BatchNorm in inference behind a convolution that makes z:  y = scale z + shift,
//   scale = w / sqrt(running_var + eps),  shift = b - scale running_mean
#include <tnn/core/compute.hpp>
#include <tnn/core/host_device.hpp>
#include <tnn/core/math.hpp>
#include <tnn/core/padded.hpp>
#include <tnn/layers/batchnorm/batchnorm.hpp>
#include <tnn/layers/relu/relu.hpp>
#include <tnn/layers/residual/residual.hpp>

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

/// What may follow a convolution and its norm in one step: nothing, a ReLU, a Sum, or both.
template <class... Behind>
inline constexpr bool follows_norm = false;
template <>
inline constexpr bool follows_norm<> = true;
template <class Y>
inline constexpr bool follows_norm<bound<ReLU, Y, Y>> = true;
template <class Y>
inline constexpr bool follows_norm<bound<Sum, Y, Y>> = true;
template <class Y>
inline constexpr bool follows_norm<bound<Sum, Y, Y>, bound<ReLU, Y, Y>> = true;

/// Whether L is among the layers behind.
template <class L, class... Behind>
inline constexpr bool is_behind = (std::is_same_v<L, typename Behind::layer> || ...);

/// A convolution that makes Y, and its norm, in inference. The norm's factor and summand of each
/// channel are made anew in each pass, which costs as much as one place of the image. A Convolution
/// has forward(backend, pass, tail), and its tail is of scale, shift and the values to add.
template <class T, class Convolution, class Norm, class Y>
struct normed_convolution : compute_base {
  static constexpr std::int64_t channels = Y::extent(0), place = padded(channels);
  static constexpr bool takes_y_stride = Convolution::takes_y_stride;

  static constexpr bool together(mode m) { return m == mode::infer; }
  static constexpr std::int64_t scratch(std::int64_t batch, int threads, mode m) {
    return 2 * place + Convolution::scratch(batch, threads, m);
  }
  static void forward(auto& backend, auto p) {
    T* scale = p.scratch;
    T* shift = scale + place;
    p.scratch = shift + place;
    backend.for_each(channels, batchnorm_affine<Norm, T>::of(p, scale, shift));
    Convolution::forward(backend, p, {scale, shift, p.other[0]});
  }
};

}  // namespace tnn::detail
