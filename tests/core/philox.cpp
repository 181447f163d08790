#include <tnn/core/philox.hpp>

#include <cmath>
#include <set>

#include "support/catch.hpp"

namespace {

constexpr bool equal(tnn::philox_block a, tnn::philox_block b) {
  return a.v[0] == b.v[0] && a.v[1] == b.v[1] && a.v[2] == b.v[2] && a.v[3] == b.v[3];
}

static_assert(equal(tnn::philox(0, 0, 0, 0, 0),
                    {{0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u}}));
static_assert(tnn::uniform_float(0) == 0.0f && tnn::uniform_float(0xFFFFFFFFu) < 1.0f);
static_assert(tnn::uniform_double(0xFFFFFFFFu, 0xFFFFFFFFu) < 1.0);
static_assert(tnn::uniform_float(0x80000000u) == 0.5f);
static_assert(tnn::uniform_double(0x80000000u, 0) == 0.5);

}  // namespace

TEST_CASE("philox gives Random123's known answers", "[philox]") {
  constexpr std::uint32_t ones = 0xFFFFFFFFu;
  CHECK(equal(tnn::philox(0, 0, 0, 0, 0), {{0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u}}));
  CHECK(equal(tnn::philox(~std::uint64_t{0}, ones, ones, ones, ones),
              {{0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu}}));
  // Counter and key are digits of pi; the low word of the key comes first.
  CHECK(equal(tnn::philox(0x299f31d0a4093822u, 0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u),
              {{0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u}}));
}

TEST_CASE("the streams of a seed have keys of their own", "[philox]") {
  using enum tnn::random_stream;
  std::set<std::uint64_t> keys;
  for (const std::uint64_t seed : {std::uint64_t{0}, std::uint64_t{1}, ~std::uint64_t{0}}) {
    for (const auto stream : {initialisation, dropout, shuffle, images}) {
      const std::uint64_t key = tnn::stream_key(seed, stream);
      CHECK((key & 0xFFFFFFFFu) == (seed & 0xFFFFFFFFu));
      keys.insert(key);
    }
  }
  CHECK(keys.size() == 12);
  CHECK(tnn::stream_key(0x0000000500000007u, dropout) == 0x3C6EF37700000007u);
}

TEST_CASE("uniform numbers have the mean and variance of [0, 1)", "[philox]") {
  constexpr int blocks = 1 << 16;
  const std::uint64_t key = tnn::stream_key(1, tnn::random_stream::dropout);
  double sum = 0, squares = 0, double_sum = 0;
  for (std::uint32_t i = 0; i < blocks; ++i) {
    const tnn::philox_block block = tnn::philox(key, i, 3, 16, 100);
    for (const std::uint32_t word : block.v) {
      const double u = tnn::uniform_float(word);
      sum += u;
      squares += u * u;
    }
    double_sum += tnn::uniform_double(block.v[0], block.v[1]);
  }
  const double n = 4.0 * blocks;
  CHECK(std::abs(sum / n - 0.5) < 0.003);  // five standard errors
  CHECK(std::abs(squares / n - 1.0 / 3) < 0.003);
  CHECK(std::abs(double_sum / blocks - 0.5) < 0.006);
}
