#pragma once
// Conv2d and Linear on a direct_backend: a layer's functors over for_each, one call an output, a
// weight or an input. Functors names forward, weight_gradient and data_gradient.
#include <tnn/core/backend.hpp>
#include <tnn/core/compute.hpp>
#include <tnn/core/host_device.hpp>
#include <tnn/core/parameters.hpp>

namespace tnn {

/// db[r] = sum over samples and places of dy (N, Rows, Places).
template <std::int64_t Rows, std::int64_t Places, class T>
struct bias_gradient {
  const T* dy;
  T* dbias;
  int batch;
  TNN_HOST_DEVICE constexpr void operator()(std::int64_t r) const {
    T sum = 0;
    for (int n = 0; n < batch; ++n) {
      const T* g = dy + (n * Rows + r) * Places;
      T plane = 0;  // a sum a plane keeps the terms of like size
      for (std::int64_t k = 0; k < Places; ++k) plane += g[k];
      sum += plane;
    }
    dbias[r] = sum;
  }
};

template <class B, class T, class Bound, class Functors>
struct direct_compute : compute_base {
  using X = typename Bound::input;
  using Y = typename Bound::output;
  using tensors = typename Bound::tensors;
  static constexpr std::int64_t weights = detail::size_of_tensor<tensor_name::weight, tensors>;
  static constexpr std::int64_t biases = detail::size_of_tensor<tensor_name::bias, tensors>;
  static constexpr bool backward_reads_x = true;

  static constexpr void forward(B& backend, const auto& p) {
    backend.for_each(p.batch * Y::size,
                     typename Functors::forward{p.x, p.get(tensor_name::weight{}),
                                                p.find(tensor_name::bias{}), p.y});
  }
  static constexpr void backward(B& backend, const auto& p) {
    backend.for_each(weights, typename Functors::weight_gradient{
                                  p.x, p.dy, p.gradient(tensor_name::weight{}), p.batch});
    if constexpr (biases > 0)
      backend.for_each(biases, bias_gradient<biases, Y::size / biases, T>{
                                   p.dy, p.gradient(tensor_name::bias{}), p.batch});
    if (p.dx != nullptr)
      backend.for_each(p.batch * X::size,
                       typename Functors::data_gradient{p.dy, p.get(tensor_name::weight{}), p.dx});
  }
};

}  // namespace tnn
