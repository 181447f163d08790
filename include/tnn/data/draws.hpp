#pragma once
// Random numbers of a data set: of an epoch's order, and of a sample within an epoch. They are a
// function of (seed, epoch, sample), so that neither threads nor a resumed run change any.
#include <cstdint>
#include <numeric>
#include <span>
#include <utility>

#include <tnn/core/error.hpp>
#include <tnn/core/philox.hpp>

namespace tnn {

/// Words of a Philox stream, one after another: counter {block, sample, epoch's low and high word}.
class Draws {
 public:
  Draws(std::uint64_t seed, random_stream stream, std::uint64_t epoch, std::uint32_t sample = 0)
      : key_(stream_key(seed, stream)), epoch_(epoch), sample_(sample) {}

  /// Uniform over all 32-bit words.
  std::uint32_t next() {
    const std::uint32_t lane = drawn_ % 4;
    if (lane == 0)
      words_ = philox(key_, drawn_ / 4, sample_, static_cast<std::uint32_t>(epoch_),
                      static_cast<std::uint32_t>(epoch_ >> 32));
    ++drawn_;
    return words_.v[lane];
  }

  /// Uniform over 0 .. bound - 1, without bias (Lemire, 2019: reject the few words too many).
  std::uint32_t below(std::uint32_t bound) {
    if (bound == 0) throw error("a number below 0 was to be drawn; the bound must be 1 or more");
    const std::uint32_t surplus = (0u - bound) % bound;  // 2^32 mod bound
    std::uint64_t product = 0;
    do product = std::uint64_t{next()} * bound;
    while (static_cast<std::uint32_t>(product) < surplus);
    return static_cast<std::uint32_t>(product >> 32);
  }

  /// Uniform over [0, 1).
  float uniform() { return uniform_float(next()); }

 private:
  std::uint64_t key_;
  std::uint64_t epoch_;
  std::uint32_t sample_;
  std::uint32_t drawn_ = 0;  // an epoch's order takes fewer than 2^31 words, and redraws few
  philox_block words_{};
};

/// Fills `order` with 0 .. n-1, shuffled (Fisher and Yates).
inline void shuffled_order(std::span<std::int32_t> order, std::uint64_t seed, std::uint64_t epoch) {
  std::iota(order.begin(), order.end(), 0);
  Draws draws(seed, random_stream::shuffle, epoch);
  for (std::size_t left = order.size(); left > 1; --left)
    std::swap(order[left - 1], order[draws.below(static_cast<std::uint32_t>(left))]);
}

}  // namespace tnn
