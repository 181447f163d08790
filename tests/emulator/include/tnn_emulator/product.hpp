#pragma once
// The product of two matrices on the device, column by column, with checks of where they lie. See
// cublas_v2.h.
#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "memory.hpp"

namespace tnn_emulator {

struct matrix {
  const char* name;
  const float* data;
  std::int64_t rows, columns, ld;

  std::size_t bytes() const {
    return static_cast<std::size_t>((columns - 1) * ld + rows) * sizeof(float);
  }
  void check() const {
    if (memory().holding(data, bytes()) == nullptr)
      throw failure(the().doing + ": " + name + " (" + std::to_string(rows) + " x " +
                    std::to_string(columns) + ", leading dimension " + std::to_string(ld) +
                    ") does not lie within one device allocation");
    if (reinterpret_cast<std::uintptr_t>(data) % sizeof(float) != 0)
      throw failure(the().doing + ": " + name + " is misaligned");
  }
  bool overlaps(const matrix& o) const {
    const auto *from = reinterpret_cast<const char*>(data),
               *other = reinterpret_cast<const char*>(o.data);
    return from < other + o.bytes() && other < from + bytes();
  }
};

struct product {
  matrix a, b, c;
  bool transpose_a, transpose_b;
  std::int64_t m, n, k;
  float (*round)(float);  ///< of each factor; null: none

  void run(float alpha, float beta) const {
    if (alpha == 0 || k == 0 || round == nullptr) return run(a.data, b.data, alpha, beta);
    a.check(), b.check();
    run(rounded(a).data(), rounded(b).data(), alpha, beta);
  }

 private:
  /// With the leading dimension of what it is made of.
  std::vector<float> rounded(const matrix& factor) const {
    std::vector<float> values(factor.data, factor.data + factor.bytes() / sizeof(float));
    for (float& v : values) v = round(v);
    return values;
  }
  void run(const float* left, const float* right, float alpha, float beta) const {
    c.check();
    auto* const to = const_cast<float*>(c.data);
    if (alpha != 0 && k > 0) {
      a.check(), b.check();
      if (c.overlaps(a) || c.overlaps(b)) throw failure(the().doing + ": c overlaps a or b");
    }
    const std::int64_t a_row = transpose_a ? a.ld : 1, a_step = transpose_a ? 1 : a.ld;
    const std::int64_t b_step = transpose_b ? b.ld : 1, b_column = transpose_b ? 1 : b.ld;
    std::vector<float> sums(static_cast<std::size_t>(m));
    for (std::int64_t j = 0; j < n; ++j) {
      std::fill(sums.begin(), sums.end(), 0.0f);
      if (alpha != 0) {
        if (a_row == 1)
          for (std::int64_t p = 0; p < k; ++p) {
            const float factor = right[p * b_step + j * b_column];
            const float* column = left + p * a_step;
            for (std::int64_t i = 0; i < m; ++i)
              sums[static_cast<std::size_t>(i)] += column[i] * factor;
          }
        else
          for (std::int64_t i = 0; i < m; ++i)
            for (std::int64_t p = 0; p < k; ++p)
              sums[static_cast<std::size_t>(i)] +=
                  left[i * a_row + p] * right[p * b_step + j * b_column];
      }
      float* const column = to + j * c.ld;
      for (std::int64_t i = 0; i < m; ++i) {
        const float scaled = alpha * sums[static_cast<std::size_t>(i)];
        column[i] = beta == 0 ? scaled : scaled + beta * column[i];
      }
    }
  }
};

}  // namespace tnn_emulator
