#pragma once
// The geometry of a window as functors see it: which input it covers, and which windows cover an
// input. With a dilation not all between its first and its last value is covered. Element i of a
// batch is (plane, row, column), a plane being one channel of one sample.
#include <tnn/core/host_device.hpp>
#include <tnn/core/integers.hpp>
#include <tnn/core/layer.hpp>

namespace tnn::detail {

struct span_of_ints {
  int first, last;  ///< last is excluded
};

template <class L, class X, class Y>
struct window {
  static constexpr int height = X::extent(1), width = X::extent(2);      ///< of a plane of x
  static constexpr int rows = Y::extent(1), columns = Y::extent(2);      ///< of a plane of y
  static constexpr int kh = L::kernel::height, kw = L::kernel::width;    ///< the kernel
  static constexpr int sh = L::stride::height, sw = L::stride::width;    ///< the stride
  static constexpr int ph = L::padding::height, pw = L::padding::width;  ///< of each side
  static constexpr int down = L::dilation::height, across = L::dilation::width;
  /// Rows and columns from the first to the last of a window.
  static constexpr int reach_down = static_cast<int>(window_extent(kh, down));
  static constexpr int reach_across = static_cast<int>(window_extent(kw, across));
  static constexpr std::int64_t planes(int batch) { return std::int64_t{batch} * X::extent(0); }

  /// Input rows of output row i, inside the image: every down-th from the first.
  TNN_HOST_DEVICE static constexpr span_of_ints rows_of(int i) {
    return covered(i, sh, ph, reach_down, down, height);
  }
  TNN_HOST_DEVICE static constexpr span_of_ints columns_of(int j) {
    return covered(j, sw, pw, reach_across, across, width);
  }
  /// Output rows whose window reaches over input row r.
  TNN_HOST_DEVICE static constexpr span_of_ints rows_over(int r) {
    return covering(r, sh, ph, reach_down, rows);
  }
  TNN_HOST_DEVICE static constexpr span_of_ints columns_over(int c) {
    return covering(c, sw, pw, reach_across, columns);
  }

 private:
  TNN_HOST_DEVICE static constexpr span_of_ints covered(int i, int stride, int padding, int reach,
                                                        int dilation, int extent) {
    const int first = i * stride - padding;
    const int outside = first < 0 ? (-first - 1) / dilation + 1 : 0;
    return {first + outside * dilation, least(first + reach, extent)};
  }
  TNN_HOST_DEVICE static constexpr span_of_ints covering(int r, int stride, int padding, int reach,
                                                         int outputs) {
    const int at = r + padding;
    const int first = at < reach ? 0 : (at - reach) / stride + 1;
    return {first, least(at / stride + 1, outputs)};
  }
};

}  // namespace tnn::detail
