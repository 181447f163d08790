#include <tnn/layers/dropout/dropout.hpp>

#include "support/layer_fixture.hpp"

using namespace tnn;

static_assert(dropout_threshold<Percent<50>> == 0x80000000u);
static_assert(dropout_threshold<std::ratio<1, 4>> == 0x40000000u);
static_assert(dropout_threshold<Percent<0>> == 0);

namespace {

template <class Rate, int... Extents>
using dropout_case = layer_case<Dropout<Rate>, Shape<Extents...>>;

/// Philox4x32-10's word at a place, written down once more.
std::uint32_t word_at(const question& q, std::uint32_t sample, std::uint32_t element) {
  std::uint32_t c[4] = {element / 4, sample, q.layer, q.step};
  const std::uint32_t stream = 2;  // Dropout's
  std::uint32_t low = static_cast<std::uint32_t>(q.seed);
  std::uint32_t high = static_cast<std::uint32_t>(q.seed >> 32) ^ (stream * 2654435769u);
  for (int round = 0; round < 10; ++round, low += 2654435769u, high += 3144134277u) {
    const std::uint64_t a = 3528531795ull * c[0], b = 3449720151ull * c[2];
    const std::uint32_t next[4] = {
        static_cast<std::uint32_t>(b >> 32) ^ c[1] ^ low, static_cast<std::uint32_t>(b),
        static_cast<std::uint32_t>(a >> 32) ^ c[3] ^ high, static_cast<std::uint32_t>(a)};
    std::copy(next, next + 4, c);
  }
  return c[element % 4];
}

/// What each value is multiplied by.
std::vector<double> factors(const question& q, std::size_t size, double rate) {
  std::vector<double> f;
  for (std::uint32_t sample = 0; sample < static_cast<std::uint32_t>(q.batch); ++sample)
    for (std::uint32_t element = 0; element < size; ++element)
      f.push_back(word_at(q, sample, element) < rate * 4294967296.0 ? 0 : 1 / (1 - rate));
  return f;
}

std::vector<double> product(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> c;
  for (std::size_t k = 0; k < a.size(); ++k) c.push_back(a[k] * b[k]);
  return c;
}

}  // namespace

TEMPLATE_TEST_CASE("Dropout's mask is Philox at (seed, step, layer, sample, element)", "[dropout]",
                   Reference, Cpu) {
  const auto check = [](auto c, double rate) {
    using Case = decltype(c);
    for (const std::uint64_t seed : {std::uint64_t{0}, std::uint64_t{0xFEDCBA9876543210}}) {
      question q = question_for<Case>(3);
      q.seed = seed;
      const auto f = factors(q, static_cast<std::size_t>(Case::input::size), rate);
      const answer a = ask<Case, double>(TestType{}, q);
      CHECK(relative_error(a.y, product(q.x, f)) < 1e-15);
      CHECK(relative_error(a.dx, product(q.dy, f)) < 1e-15);
    }
  };
  check(dropout_case<Percent<50>, 16>{}, 0.5);
  check(dropout_case<Percent<20>, 3, 5, 7>{}, 0.2);  // 105 values: the last block is cut
  check(dropout_case<std::ratio<2, 3>, 1>{}, 2.0 / 3);
}

TEST_CASE("seed, step, layer and sample each change the mask", "[dropout]") {
  using Case = dropout_case<Percent<50>, 64>;
  const auto mask = [](const question& q) {
    question ones = q;
    for (double& x : ones.x) x = 1;
    return ask<Case, float>(Cpu{2}, ones).y;
  };
  const question q = question_for<Case>(2);
  const auto first = mask(q);
  CHECK(mask(q) == first);
  CHECK_FALSE(std::equal(first.begin(), first.begin() + 64, first.begin() + 64));
  question other = q;
  other.seed += std::uint64_t{1} << 32;
  CHECK(mask(other) != first);
  other = q;
  ++other.step;
  CHECK(mask(other) != first);
  other = q;
  ++other.layer;
  CHECK(mask(other) != first);
}

TEMPLATE_TEST_CASE("Dropout keeps a share of 1 - p and scales by 1 / (1 - p)", "[dropout]",
                   Reference, Cpu) {
  const auto check = [](auto c, double rate) {
    using Case = decltype(c);
    question q = question_for<Case>(10);
    for (double& x : q.x) x = 1;
    const auto y = ask<Case, double>(TestType{}, q).y;
    double kept = 0;
    for (const double value : y) {
      if (value == 0) continue;
      ++kept;
      if (std::abs(value * (1 - rate) - 1) > 1e-15) FAIL("1 became " << value);
    }
    const auto n = static_cast<double>(y.size());
    // Five standard deviations of a binomial share.
    CHECK(std::abs(kept / n - (1 - rate)) <= 5 * std::sqrt(rate * (1 - rate) / n));
  };
  check(dropout_case<Percent<50>, 10000>{}, 0.5);
  check(dropout_case<Percent<10>, 10000>{}, 0.1);
  check(dropout_case<std::ratio<3, 4>, 10000>{}, 0.75);
  check(dropout_case<Percent<0>, 10000>{}, 0);
}

TEMPLATE_TEST_CASE("in inference Dropout is the identity", "[dropout]", Reference, Cpu) {
  using Case = dropout_case<Percent<50>, 3, 5, 7>;
  question q = question_for<Case>(3);
  q.mode = mode::infer;
  CHECK(ask<Case, double>(TestType{}, q).y == q.x);
}

TEST_CASE("Dropout's gradients are its differences", "[dropout]") {
  using Case = dropout_case<Percent<30>, 2, 3, 3>;
  check_gradients<Case>(question_for<Case>(3));
}

TEST_CASE("Cpu's Dropout agrees with Reference", "[dropout]") {
  for_each_case<dropout_case<Percent<50>, 4096>, dropout_case<Percent<20>, 3, 5, 7>,
                dropout_case<std::ratio<1, 3>, 2>, dropout_case<Percent<0>, 9>>(
      [](auto c) { check_cpu<decltype(c)>(); });
}
