#pragma once
// What a warp asks of its tensor core, from compute capability 8.0 on: the PTX of three
// instructions, and what the lanes hold. A fragment is 16 lines of a factor and 32 bytes of K (8
// floats or 16 bf16) in four blocks of 8 lines and 16 bytes, a register a block: lane l has of line
// l / 4 the four bytes from 4 (l % 4) on. The first factor's blocks come with the lines running
// fastest, the second's with K: so a product takes registers that are side by side.
// (PTX ISA, "Matrix Fragments for mma.m16n8k8" and "... mma.m16n8k16".)
#include <cstdint>

#include <tnn/backend/cuda/launch.cuh>

#ifdef TNN_CUDA_EMULATOR
#include <tnn_emulator/tensor.hpp>
#endif

namespace tnn::detail {

struct tensor_fragment {
  std::uint32_t held[4];
};

/// Rounds to tf32: nearest, ties away from zero.
__device__ __forceinline__ float to_tf32(float x) {
#if defined(TNN_CUDA_EMULATOR)
  return tnn_emulator::to_tf32(x);
#elif defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 800
  std::uint32_t bits;
  asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(bits) : "f"(x));
  return __uint_as_float(bits);
#else
  return x;  // is never run: Cuda refuses to open a device without tensor cores for it
#endif
}

// Device code for older devices has none of these: a kernel that calls them is an error there.
#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 800

/// Reads four blocks of 8 rows of 16 bytes in shared memory; lane l says where row l % 8 of block
/// l / 8 is. Transposed: a row is 8 lines' values of 2 bytes at one k, not a line.
template <bool Transposed>
__device__ __forceinline__ void load_blocks(tensor_fragment& to, const void* row) {
#ifdef TNN_CUDA_EMULATOR
  tnn_emulator::load_blocks<Transposed>(to.held, row);
#else
  const auto at = static_cast<std::uint32_t>(__cvta_generic_to_shared(row));
  auto& [a, b, c, d] = to.held;
  if constexpr (Transposed)
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0, %1, %2, %3}, [%4];"
                 : "=r"(a), "=r"(b), "=r"(c), "=r"(d)
                 : "r"(at)
                 : "memory");
  else
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
                 : "=r"(a), "=r"(b), "=r"(c), "=r"(d)
                 : "r"(at)
                 : "memory");
#endif
}

/// Adds to sum (16, 8) the product of a's 16 lines and the first or second 8 of b's. Lane l has the
/// sums of line l / 4 of a and lines 2 (l % 4) and one more of b's eight, then of a's l / 4 + 8.
template <bool Bf16>
__device__ __forceinline__ void multiply_add(float (&sum)[4], const tensor_fragment& a,
                                             const tensor_fragment& b, int half) {
  const std::uint32_t low = b.held[2 * half], high = b.held[2 * half + 1];
#ifdef TNN_CUDA_EMULATOR
  tnn_emulator::multiply_add<Bf16>(sum, a.held, low, high);
#else
  if constexpr (Bf16)
    asm("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 "
        "{%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
        : "+f"(sum[0]), "+f"(sum[1]), "+f"(sum[2]), "+f"(sum[3])
        : "r"(a.held[0]), "r"(a.held[1]), "r"(a.held[2]), "r"(a.held[3]), "r"(low), "r"(high));
  else
    asm("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 "
        "{%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
        : "+f"(sum[0]), "+f"(sum[1]), "+f"(sum[2]), "+f"(sum[3])
        : "r"(a.held[0]), "r"(a.held[1]), "r"(a.held[2]), "r"(a.held[3]), "r"(low), "r"(high));
#endif
}

#endif

}  // namespace tnn::detail
