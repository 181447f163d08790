#pragma once
// A warp's tensor core: ldmatrix.x4, and mma.m16n8k8 of tf32 and mma.m16n8k16 of bf16 with sums in
// float. All 32 lanes must come to one call. Which lane holds which value is as PTX says. Loads are
// each lane's own, made after all have come: what others wrote needs a barrier.
#include <cstring>
#include <string>

#include "block.hpp"
#include "rounding.hpp"

namespace tnn_emulator {

struct block_rows {
  const void* mine;
  site where;
  const unsigned char* all[device::warp];

  static void gather(const block::lanes& lanes) {
    for (unsigned lane = 0; lane < device::warp; ++lane) {
      const auto& from = *static_cast<const block_rows*>(lanes[lane]);
      if (reinterpret_cast<std::uintptr_t>(from.mine) % 16 != 0)
        fail("passes ldmatrix (" + from.where.text() + ") a row that is no multiple of 16 bytes");
      for (const void* to : lanes)  // each is its lane's own and waits for this
        static_cast<block_rows*>(const_cast<void*>(to))->all[lane] =
            static_cast<const unsigned char*>(from.mine);
    }
  }
};

/// Four blocks of 8 rows of 16 bytes: lane l says where row l % 8 of block l / 8 is.
template <bool Transposed>
void load_blocks(std::uint32_t (&to)[4], const void* row, const char* file = __builtin_FILE(),
                 int line = __builtin_LINE()) {
  block_rows rows{row, {file, line}, {}};
  running().together(doing::load_blocks, &rows, block_rows::gather, rows.where);
  const unsigned lane = current_thread % device::warp, slow = lane / 4, fast = lane % 4;
  for (unsigned r = 0; r < 4; ++r) {
    const unsigned char* const* of_block = rows.all + 8 * r;
    auto* bytes = reinterpret_cast<unsigned char*>(&to[r]);
    if (Transposed)
      for (unsigned half = 0; half < 2; ++half)
        std::memcpy(bytes + 2 * half, of_block[2 * fast + half] + 2 * slow, 2);
    else
      std::memcpy(bytes, of_block[slow] + 4 * fast, 4);
  }
}

struct warp_product {
  site where;
  float* sum;
  const std::uint32_t* a;
  std::uint32_t b[2];

  /// Calls f(offset in K, value) for the value or the two values of a register.
  template <bool Bf16, class F>
  void each(std::uint32_t bits, F f) const {
    if constexpr (Bf16) {
      f(0, from_bf16(static_cast<std::uint16_t>(bits)));
      f(1, from_bf16(static_cast<std::uint16_t>(bits >> 16)));
    } else {
      if (bits % 0x2000 != 0)
        fail("passes mma (" + where.text() + ") floats that were not rounded to tf32");
      f(0, std::bit_cast<float>(bits));
    }
  }

  template <bool Bf16>
  static void multiply(const block::lanes& all) {
    constexpr unsigned per = Bf16 ? 2 : 1, depth = 8 * per;  // values of a register; K
    float a[16][depth], b[8][depth];
    for (unsigned lane = 0; lane < device::warp; ++lane) {
      const auto& from = *static_cast<const warp_product*>(all[lane]);
      const unsigned line = lane / 4, k = lane % 4 * per;
      for (unsigned r = 0; r < 4; ++r)
        from.each<Bf16>(from.a[r], [&](unsigned d, float v) {
          a[line + 8 * (r % 2)][k + 4 * per * (r / 2) + d] = v;
        });
      for (unsigned r = 0; r < 2; ++r)
        from.each<Bf16>(from.b[r], [&](unsigned d, float v) { b[line][k + 4 * per * r + d] = v; });
    }
    for (unsigned lane = 0; lane < device::warp; ++lane) {
      const auto& to = *static_cast<const warp_product*>(all[lane]);
      for (unsigned s = 0; s < 4; ++s)
        for (unsigned k = 0; k < depth; ++k)
          to.sum[s] += a[lane / 4 + 8 * (s / 2)][k] * b[2 * (lane % 4) + s % 2][k];
    }
  }
};

/// sum (16, 8) += a (16, K) x b (8, K)^T.
template <bool Bf16>
void multiply_add(float (&sum)[4], const std::uint32_t (&a)[4], std::uint32_t b0, std::uint32_t b1,
                  const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
  const warp_product mine{{file, line}, sum, a, {b0, b1}};
  running().together(doing::mma, &mine, warp_product::multiply<Bf16>, mine.where);
}

}  // namespace tnn_emulator
