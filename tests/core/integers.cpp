// Division that rounds up, and the smaller of two integers.
#include <tnn/core/integers.hpp>

#include <limits>
#include <type_traits>

#include "support/catch.hpp"

using namespace tnn::detail;

TEST_CASE("division rounds up, to the least number of pieces that hold all") {
  STATIC_REQUIRE((ceil_div(0, 8) == 0 && ceil_div(1, 8) == 1));
  STATIC_REQUIRE((ceil_div(8, 8) == 1 && ceil_div(9, 8) == 2));
  STATIC_REQUIRE((round_up(0, 16) == 0 && round_up(16, 16) == 16 && round_up(17, 16) == 32));
}

TEST_CASE("the smaller of two integers has the narrower of their types") {
  constexpr std::int64_t far = std::int64_t{1} << 40;
  STATIC_REQUIRE((least(3, 5) == 3 && least(5, 3) == 3 && least(-4, 3) == -4));
  STATIC_REQUIRE((least(far, 7) == 7 && least(7, far) == 7 && least(far, far + 1) == far));
  STATIC_REQUIRE(least(std::numeric_limits<unsigned>::max(), 7) == 7);
  STATIC_REQUIRE(std::is_same_v<decltype(least(far, 7)), int>);
  STATIC_REQUIRE(std::is_same_v<decltype(least(7, far)), int>);
  STATIC_REQUIRE(std::is_same_v<decltype(least(far, far)), std::int64_t>);
}
