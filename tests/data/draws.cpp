#include <tnn/data/draws.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <map>
#include <vector>

#include "support/catch.hpp"
#include "support/error_text.hpp"

namespace {

std::vector<std::int32_t> order_of(std::size_t n, std::uint64_t seed, std::uint64_t epoch) {
  std::vector<std::int32_t> order(n, -1);
  tnn::shuffled_order(order, seed, epoch);
  return order;
}

}  // namespace

TEST_CASE("a permutation, the same for the same seed and epoch only") {
  const auto order = order_of(1000, 7, 3);
  auto sorted = order;
  std::sort(sorted.begin(), sorted.end());
  for (std::size_t i = 0; i < sorted.size(); ++i)
    if (sorted[i] != static_cast<std::int32_t>(i)) FAIL(i);
  CHECK(order == order_of(1000, 7, 3));
  CHECK(order != order_of(1000, 7, 4));
  CHECK(order != order_of(1000, 8, 3));
  CHECK(order != order_of(1000, 7, 3 + (std::uint64_t{1} << 32)));
  CHECK(order != sorted);
  CHECK(order_of(0, 1, 1).empty());
  CHECK(order_of(1, 1, 1) == std::vector<std::int32_t>{0});
}

TEST_CASE("the order is pinned: a resumed run of an older build depends on it") {
  CHECK(order_of(8, 1, 0) == std::vector<std::int32_t>{3, 2, 5, 6, 4, 1, 7, 0});
}

TEST_CASE("every permutation of four is as likely") {
  std::map<std::vector<std::int32_t>, int> seen;
  for (std::uint64_t epoch = 0; epoch < 24'000; ++epoch) ++seen[order_of(4, 5, epoch)];
  REQUIRE(seen.size() == 24);
  double chi_squared = 0;
  for (const auto& [order, count] : seen) chi_squared += (count - 1000.0) * (count - 1000.0) / 1000;
  CHECK(chi_squared < 50);  // 23 degrees of freedom: exceeded by chance once in a thousand
}

TEST_CASE("words below a bound are uniform, also where 2^32 is no multiple of it") {
  tnn::Draws words(9, tnn::random_stream::shuffle, 0);
  const std::uint32_t bound = 3u << 30;  // 4 words to 3 values: unrejected, one has 2 of them
  std::array<int, 3> thirds{};
  for (int i = 0; i < 30'000; ++i) {
    const std::uint32_t word = words.below(bound);
    REQUIRE(word < bound);
    ++thirds[word % 3];
  }
  for (const int count : thirds) CHECK(std::abs(count - 10'000) < 400);
  for (int i = 0; i < 100; ++i) REQUIRE(words.below(1) == 0);
  CHECK(refuses([&] { words.below(0); }, "the bound must be 1 or more"));
}

TEST_CASE("each sample of each epoch has draws of its own") {
  const auto first_of = [](std::uint64_t seed, std::uint64_t epoch, std::uint32_t sample) {
    tnn::Draws draws(seed, tnn::random_stream::samples, epoch, sample);
    for (int i = 0; i < 6; ++i) draws.next();  // of the second block
    return draws.next();
  };
  CHECK(first_of(1, 0, 0) == first_of(1, 0, 0));
  CHECK(first_of(1, 0, 0) != first_of(2, 0, 0));
  CHECK(first_of(1, 0, 0) != first_of(1, 1, 0));
  CHECK(first_of(1, 0, 0) != first_of(1, 0, 1));
}

TEST_CASE("uniform draws fill [0, 1)") {
  tnn::Draws draws(4, tnn::random_stream::samples, 0);
  double sum = 0;
  for (int i = 0; i < 10'000; ++i) {
    const float u = draws.uniform();
    REQUIRE((u >= 0 && u < 1));
    sum += static_cast<double>(u);
  }
  CHECK(std::abs(sum / 10'000 - 0.5) < 0.02);
}
