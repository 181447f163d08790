#pragma once
// The geometry of a pool as its functors see it: which input a window covers, and which windows
// cover an input. Element i of a batch is (plane, row, column), a plane being one channel of one
// sample.
#include <tnn/core/host_device.hpp>
#include <tnn/core/layer.hpp>

namespace tnn::detail {

struct span_of_ints {
  int first, last;  ///< last is excluded
};

template <class L, class X, class Y>
struct window {
  static constexpr int height = X::extent(1), width = X::extent(2);
  static constexpr int rows = Y::extent(1), columns = Y::extent(2);
  static constexpr int kernel_height = L::kernel::height, kernel_width = L::kernel::width;
  static constexpr std::int64_t planes(int batch) { return std::int64_t{batch} * X::extent(0); }

  TNN_HOST_DEVICE static constexpr int least(int a, int b) { return a < b ? a : b; }
  TNN_HOST_DEVICE static constexpr int most(int a, int b) { return a > b ? a : b; }

  /// Input rows of output row i, inside the image.
  TNN_HOST_DEVICE static constexpr span_of_ints rows_of(int i) {
    return covered(i, L::stride::height, L::padding::height, kernel_height, height);
  }
  TNN_HOST_DEVICE static constexpr span_of_ints columns_of(int j) {
    return covered(j, L::stride::width, L::padding::width, kernel_width, width);
  }
  /// Output rows whose window covers input row r.
  TNN_HOST_DEVICE static constexpr span_of_ints rows_over(int r) {
    return covering(r, L::stride::height, L::padding::height, kernel_height, rows);
  }
  TNN_HOST_DEVICE static constexpr span_of_ints columns_over(int c) {
    return covering(c, L::stride::width, L::padding::width, kernel_width, columns);
  }

 private:
  TNN_HOST_DEVICE static constexpr span_of_ints covered(int i, int stride, int padding, int kernel,
                                                        int extent) {
    const int first = i * stride - padding;
    return {most(first, 0), least(first + kernel, extent)};
  }
  TNN_HOST_DEVICE static constexpr span_of_ints covering(int r, int stride, int padding, int kernel,
                                                         int outputs) {
    const int at = r + padding;
    const int first = at < kernel ? 0 : (at - kernel) / stride + 1;
    return {first, least(at / stride + 1, outputs)};
  }
};

}  // namespace tnn::detail
