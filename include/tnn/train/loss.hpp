#pragma once
// Softmax cross-entropy, torch.nn.CrossEntropyLoss with its mean over the batch:
//   loss = log(sum over k of exp(z[k] - m)) - (z[label] - m),  m = max z
//   dz   = (softmax(z) - onehot(label)) / batch
// One call a sample; each leaves its own loss and the label's rank, and the host adds them up in
// order, so that no sum depends on threads.
#include <cstdint>

#include <tnn/core/backend.hpp>
#include <tnn/core/host_device.hpp>
#include <tnn/core/math.hpp>

namespace tnn {

template <class T, int Classes>
struct softmax_cross_entropy {
  const T* logits;
  const std::int32_t* labels;
  T* dlogits;  ///< nullptr where only the loss is wanted
  sample_result<T>* results;
  T scale;  ///< 1 / batch

  TNN_HOST_DEVICE constexpr void operator()(std::int64_t i) const {
    const T* z = logits + i * Classes;
    const int label = labels[i];
    T highest = z[0];
    int before = 0;
    for (int k = 0; k < Classes; ++k) {
      highest = z[k] > highest ? z[k] : highest;
      before += z[k] > z[label] || (z[k] == z[label] && k < label) ? 1 : 0;
    }
    T sum = 0;
    for (int k = 0; k < Classes; ++k) sum += math::exp(z[k] - highest);
    results[i] = {math::log(sum) - (z[label] - highest), math::is_nan(z[label]) ? Classes : before};
    if (dlogits == nullptr) return;
    for (int k = 0; k < Classes; ++k) {
      const T probability = math::exp(z[k] - highest) / sum;
      dlogits[i * Classes + k] = (probability - (k == label ? T{1} : T{0})) * scale;
    }
  }
};

}  // namespace tnn
