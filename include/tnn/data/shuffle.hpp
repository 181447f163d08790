#pragma once
// The order of an epoch's images: a uniform permutation that depends on (seed, epoch) alone.
#include <cstdint>
#include <numeric>
#include <span>
#include <utility>

#include <tnn/core/philox.hpp>

namespace tnn {

/// The 32-bit words of the Philox stream of (seed, stream, epoch), one after another.
class philox_words {
 public:
  philox_words(std::uint64_t seed, random_stream stream, std::uint64_t epoch)
      : key_(stream_key(seed, stream)), epoch_(epoch) {}

  std::uint32_t next() {
    const std::size_t lane = drawn_ % 4;
    if (lane == 0) {
      const std::uint64_t block = drawn_ / 4;
      words_ =
          philox(key_, static_cast<std::uint32_t>(block), static_cast<std::uint32_t>(block >> 32),
                 static_cast<std::uint32_t>(epoch_), static_cast<std::uint32_t>(epoch_ >> 32));
    }
    ++drawn_;
    return words_.v[lane];
  }

  /// Uniform over 0 .. bound - 1, without bias (Lemire, 2019: reject the few words too many).
  std::uint32_t below(std::uint32_t bound) {
    const std::uint32_t surplus = (0u - bound) % bound;  // 2^32 mod bound
    std::uint64_t product = 0;
    do product = std::uint64_t{next()} * bound;
    while (static_cast<std::uint32_t>(product) < surplus);
    return static_cast<std::uint32_t>(product >> 32);
  }

 private:
  std::uint64_t key_;
  std::uint64_t epoch_;
  std::uint64_t drawn_ = 0;
  philox_block words_{};
};

/// Fills `order` with 0 .. n-1, shuffled (Fisher and Yates).
inline void shuffled_order(std::span<std::int32_t> order, std::uint64_t seed, std::uint64_t epoch) {
  std::iota(order.begin(), order.end(), 0);
  philox_words words(seed, random_stream::shuffle, epoch);
  for (std::size_t left = order.size(); left > 1; --left)
    std::swap(order[left - 1], order[words.below(static_cast<std::uint32_t>(left))]);
}

}  // namespace tnn
