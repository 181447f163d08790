#include <tnn/core/classes.hpp>

#include <cmath>
#include <limits>

#include "support/catch.hpp"

using tnn::softmax, tnn::top_k;

namespace {

std::vector<std::int32_t> best(const std::vector<float>& z, int k) { return top_k(z, k); }

constexpr std::array<double, 3> logits{0, 2, 1};
static_assert(top_k(std::span<const double>(logits), 2)[1] == 2);

}  // namespace

TEST_CASE("the k highest, in order; of equals the smaller number first; NaN last") {
  CHECK(best({1, 5, 3, 4}, 1) == std::vector<std::int32_t>{1});
  CHECK(best({1, 5, 3, 4}, 3) == std::vector<std::int32_t>{1, 3, 2});
  CHECK(best({1, 5, 3, 4}, 9) == std::vector<std::int32_t>{1, 3, 2, 0});
  CHECK(best({2, 7, 7, 2, 7}, 4) == std::vector<std::int32_t>{1, 2, 4, 0});
  CHECK(best({NAN, -1, NAN, 3}, 4) == std::vector<std::int32_t>{3, 1, 0, 2});
  CHECK(best({NAN, -INFINITY}, 1) == std::vector<std::int32_t>{1});
  CHECK(best({1, 2}, 0).empty());
  CHECK(best({}, 2).empty());
}

TEST_CASE("softmax by hand, of any size of logits") {
  const std::vector<double> z{0, std::log(2.0), std::log(5.0)};
  const std::vector<double> p = softmax(z);
  CHECK(std::abs(p[0] - 0.125) < 1e-15);
  CHECK(std::abs(p[1] - 0.25) < 1e-15);
  CHECK(std::abs(p[2] - 0.625) < 1e-15);
  const std::vector<float> large{1000, -1000};
  CHECK(softmax(large) == std::vector<double>{1, 0});
  CHECK(softmax(std::span<const float>()).empty());
}
