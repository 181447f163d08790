#pragma once
// Philox4x32-10 (Salmon, Moraes, Dror and Shaw, 2011): random numbers as a function of where they
// are used, not of when. Every backend, layout and thread count draws the same ones.
//
//   key     = stream_key(seed, stream)
//   counter = {element / 4, sample, layer, step}, lane = element % 4
//
// element is the logical C,H,W index within one sample, never an offset in memory.
#include <cstdint>

#include <tnn/core/host_device.hpp>

namespace tnn {

/// What random numbers are drawn for. Streams of one seed never share a key.
enum class random_stream : std::uint32_t {
  initialisation = 1,
  dropout = 2,
  shuffle = 3,
  images = 4,
  samples = 5,  ///< what a data set draws for a sample
  split = 6     ///< which samples are held out
};

/// Four independent, uniformly distributed words: one for each lane.
struct philox_block {
  std::uint32_t v[4];
};

/// The key of one stream of a seed: its high word is the seed's, XOR the stream times 2^32 / phi.
[[nodiscard]] TNN_HOST_DEVICE constexpr std::uint64_t stream_key(std::uint64_t seed,
                                                                 random_stream stream) {
  const std::uint32_t spread = static_cast<std::uint32_t>(stream) * 0x9E3779B9u;
  return seed ^ (static_cast<std::uint64_t>(spread) << 32);
}

/// The block at counter {c0, c1, c2, c3} of a key.
[[nodiscard]] TNN_HOST_DEVICE constexpr philox_block philox(std::uint64_t key, std::uint32_t c0,
                                                            std::uint32_t c1, std::uint32_t c2,
                                                            std::uint32_t c3) {
  std::uint32_t k0 = static_cast<std::uint32_t>(key);
  std::uint32_t k1 = static_cast<std::uint32_t>(key >> 32);
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t p0 = std::uint64_t{0xD2511F53u} * c0;
    const std::uint64_t p1 = std::uint64_t{0xCD9E8D57u} * c2;
    c0 = static_cast<std::uint32_t>(p1 >> 32) ^ c1 ^ k0;
    c1 = static_cast<std::uint32_t>(p1);
    c2 = static_cast<std::uint32_t>(p0 >> 32) ^ c3 ^ k1;
    c3 = static_cast<std::uint32_t>(p0);
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  return {{c0, c1, c2, c3}};
}

/// A word as a float in [0, 1): its upper 24 bits, so that each value is exact and equally likely.
[[nodiscard]] TNN_HOST_DEVICE constexpr float uniform_float(std::uint32_t word) {
  return static_cast<float>(word >> 8) * 0x1p-24f;
}

/// Two words as a double in [0, 1): the upper 53 bits of hi:lo.
[[nodiscard]] TNN_HOST_DEVICE constexpr double uniform_double(std::uint32_t hi, std::uint32_t lo) {
  const std::uint64_t word = static_cast<std::uint64_t>(hi) << 32 | lo;
  return static_cast<double>(word >> 11) * 0x1p-53;
}

}  // namespace tnn
