#include <tnn/io/half.hpp>

#include <bit>
#include <cmath>
#include <limits>

#include "support/catch.hpp"

using tnn::float_from_bfloat16, tnn::float_from_half;

static_assert(float_from_half(0x3c00) == 1);
static_assert(float_from_half(0xc000) == -2);
static_assert(float_from_half(0x7bff) == 65504);
static_assert(float_from_half(0x0400) == 0x1p-14f);     // smallest normal
static_assert(float_from_half(0x0001) == 0x1p-24f);     // smallest subnormal
static_assert(float_from_half(0x83ff) == -0x3ffp-24f);  // largest subnormal
static_assert(float_from_half(0x7c00) == std::numeric_limits<float>::infinity());
static_assert(std::bit_cast<std::uint32_t>(float_from_half(0x8000)) == 0x80000000u);
static_assert(float_from_bfloat16(0x3f80) == 1);
static_assert(float_from_bfloat16(0xff80) == -std::numeric_limits<float>::infinity());

TEST_CASE("every binary16 has the value that its fields say") {
  for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
    const float value = float_from_half(static_cast<std::uint16_t>(bits));
    const int exponent = static_cast<int>(bits >> 10 & 31),
              mantissa = static_cast<int>(bits & 1023);
    if (exponent == 31 && mantissa != 0) {
      if (!std::isnan(value)) FAIL("not NaN: " << bits);
      continue;
    }
    double expected = exponent == 31  ? HUGE_VAL
                      : exponent == 0 ? std::ldexp(mantissa, -24)
                                      : std::ldexp(1024 + mantissa, exponent - 25);
    if (bits & 0x8000) expected = -expected;
    if (value != expected || std::signbit(value) != ((bits & 0x8000) != 0)) FAIL(bits);
  }
}
