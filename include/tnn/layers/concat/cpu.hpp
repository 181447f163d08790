#pragma once
// Concatenation on Cpu: each branch's values of a sample are copied at once. A branch whose last
// step is a convolution, with what follows it there, works in its part of y and is not copied.
#include <cstring>

#include <tnn/backend/cpu/cpu.hpp>
#include <tnn/layers/concat/compute.hpp>

namespace tnn {

template <CpuBackend B, class T, class... Shapes, class X, class Y>
struct compute<B, T, bound<Concatenation<Shapes...>, X, Y>> : compute_base {
  using layer = Concatenation<Shapes...>;
  using pass = tnn::pass<T, bound<layer, X, Y>>;
  static constexpr bool can_add = true;
  static constexpr std::span<const std::int64_t> parts = layer::begins;

  static void forward(B& cpu, const pass& p) {
    const auto branches = static_cast<std::int64_t>(parts.size());
    cpu.parallel(p.batch * branches, [&](std::int64_t item, int) {
      const auto k = static_cast<std::size_t>(item % branches);
      const std::int64_t image = item / branches, size = layer::sizes[k];
      const T* const from = k == 0 ? p.x : p.other[k - 1];
      if (from != nullptr)
        std::memcpy(p.y + image * Y::size + parts[k], from + image * size,
                    sizeof(T) * static_cast<std::size_t>(size));
    });
  }
  /// The branches of an image in their order: two may be one value.
  static void backward(B& cpu, const pass& p) {
    cpu.parallel(p.batch, [&](std::int64_t image, int) {
      for (std::size_t k = 0; k < parts.size(); ++k) {
        T* const to = k == 0 ? p.dx : p.other_gradient[k - 1];
        const T* const dy = p.dy + image * Y::size + parts[k];
        const bool adds = k == 0 ? p.adds : p.adds_other[k - 1];
        if (to == nullptr) continue;
        for (std::int64_t i = 0, size = layer::sizes[k]; i < size; ++i)
          detail::give(to[image * size + i], dy[i], adds);
      }
    });
  }
};

}  // namespace tnn
