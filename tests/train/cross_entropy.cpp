#include <tnn/train/cross_entropy.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

#include "support/catch.hpp"
#include "support/values.hpp"

namespace {

template <class T>
struct verdict {
  T loss;
  int rank, right;
  std::vector<T> gradient;
};

/// The loss of one sample, its label's rank and its gradient.
template <class T, int Classes>
verdict<T> judge(const std::vector<T>& logits, std::int32_t label, T scale = 1) {
  REQUIRE(logits.size() == Classes);
  std::vector<T> gradient(Classes, T{99});
  const tnn::CrossEntropyLoss::math<T> math(tnn::CrossEntropyLoss{}, nullptr);
  const tnn::place_values<const T> z{logits.data(), 1};
  const auto found = math(z, Classes, label, tnn::place_values<T>{gradient.data(), 1}, scale);
  const int rank = tnn::detail::rank_of(z, Classes, label);
  CHECK(found.right == (rank == 0 ? 1 : 0));
  return {found.loss, rank, found.right, gradient};
}

/// The formula as it stands, in long double: right wherever exp does not overflow.
template <class T>
long double plain_loss(const std::vector<T>& z, std::size_t label) {
  long double sum = 0;
  for (const T value : z) sum += std::exp(static_cast<long double>(value));
  return std::log(sum) - static_cast<long double>(z[label]);
}

constexpr double infinity = std::numeric_limits<double>::infinity();
const double none = std::nan("");

template <int Classes>
int rank(const std::vector<double>& logits, std::int32_t label) {
  return judge<double, Classes>(logits, label).rank;
}

}  // namespace

TEMPLATE_TEST_CASE("softmax cross-entropy is its formula", "[loss]", float, double) {
  const double bound = sizeof(TestType) == 4 ? 1e-6 : 2e-15;
  for (std::uint32_t which = 0; which < 20; ++which) {
    auto z = formula_values<TestType>(which, 10);
    for (TestType& value : z) value *= static_cast<TestType>(which);  // up to +-19
    for (std::size_t label = 0; label < 10; ++label) {
      const auto v = judge<TestType, 10>(z, static_cast<std::int32_t>(label), TestType{0.25});
      const long double expected = plain_loss(z, label);
      CHECK(std::abs(static_cast<long double>(v.loss) - expected) < bound * (1 + expected));
      // Absolute: near probability 1, p - 1 has lost its relative precision in any formula.
      for (std::size_t k = 0; k < 10; ++k) {
        const long double probability = std::exp(-plain_loss(z, k));
        const long double gradient = (probability - (k == label ? 1 : 0)) / 4;
        CHECK(std::abs(static_cast<long double>(v.gradient[k]) - gradient) < bound / 4);
      }
    }
  }
}

TEST_CASE("the loss's gradient is its differences", "[loss]") {
  const double h = 0x1p-16;
  for (std::int32_t label = 0; label < 5; ++label) {
    const auto z = formula_values(7, 5);
    std::vector<double> differences;
    for (std::size_t k = 0; k < 5; ++k) {
      auto up = z, down = z;
      up[k] += h;
      down[k] -= h;
      const double change = judge<double, 5>(up, label).loss - judge<double, 5>(down, label).loss;
      differences.push_back(change / (2 * h));
    }
    CHECK(relative_error(judge<double, 5>(z, label).gradient, differences) < 1e-9);
  }
}

TEST_CASE("equal logits lose the logarithm of the number of classes", "[loss]") {
  for (const double z : {0.0, -7.0, 1e300})
    CHECK(std::abs(judge<double, 4>({z, z, z, z}, 2).loss - std::log(4.0)) < 1e-15);
}

TEMPLATE_TEST_CASE("huge logits neither overflow nor lose the gradient", "[loss]", float, double) {
  const TestType huge = std::numeric_limits<TestType>::max() / 4;
  auto v = judge<TestType, 3>({huge, -huge, 0}, 0);
  CHECK(v.loss == 0);
  CHECK(v.gradient == std::vector<TestType>{0, 0, 0});
  v = judge<TestType, 3>({huge, -huge, 0}, 1);
  CHECK(v.loss == 2 * huge);
  CHECK(v.gradient == std::vector<TestType>{1, -1, 0});
  v = judge<TestType, 3>({1000, 999, -1000}, 1);
  CHECK(std::abs(v.loss - (1 + std::log1p(std::exp(TestType{-1})))) < TestType(1e-6));
}

TEST_CASE("one class has no loss, and infinite logits a loss without NaN where there is one",
          "[loss]") {
  CHECK(judge<double, 1>({123}, 0).loss == 0);
  CHECK(judge<double, 1>({123}, 0).gradient == std::vector<double>{0});
  CHECK(judge<double, 2>({5, -infinity}, 0).loss == 0);
  CHECK(judge<double, 2>({5, -infinity}, 1).loss == infinity);
}

TEST_CASE("a NaN among the logits makes the loss NaN", "[loss]") {
  for (std::size_t at = 0; at < 3; ++at)
    for (std::int32_t label = 0; label < 3; ++label) {
      std::vector<double> z{1, 2, 3};
      z[at] = none;
      CHECK(std::isnan(judge<double, 3>(z, label).loss));
    }
}

TEST_CASE("the rank counts what comes before the label", "[loss]") {
  CHECK(rank<4>({1, 4, 3, 2}, 1) == 0);
  CHECK(rank<4>({1, 4, 3, 2}, 2) == 1);
  CHECK(rank<4>({1, 4, 3, 2}, 0) == 3);
  // Of equals the smaller index comes first: exactly one of them has rank 0.
  CHECK(rank<4>({5, 5, 5, 5}, 0) == 0);
  CHECK(rank<4>({5, 5, 5, 5}, 1) == 1);
  CHECK(rank<4>({5, 5, 5, 5}, 3) == 3);
  CHECK(rank<4>({5, 6, 5, 6}, 3) == 1);
  CHECK(rank<4>({5, 6, 5, 6}, 2) == 3);
}

TEST_CASE("a label whose logit is NaN comes last, and another's NaN does not come before it",
          "[loss]") {
  CHECK(rank<3>({none, 1, 2}, 0) == 3);
  CHECK(rank<3>({none, none, none}, 1) == 3);
  CHECK(rank<3>({none, 1, 2}, 2) == 0);
  CHECK(rank<3>({none, 1, 2}, 1) == 1);
}

TEST_CASE("samples of a batch are judged each by itself, without a gradient where none is asked",
          "[loss]") {
  using output = tnn::Shape<6>;
  const auto z = formula_values(3, 4 * 6);
  const std::vector<std::int32_t> labels{5, 0, 3, 2};
  std::vector<tnn::loss_sum<double>> found(4, {-1, -1});
  const double scale = 0.25;
  const tnn::detail::judge<tnn::CrossEntropyLoss, double, output> all{
      {tnn::CrossEntropyLoss{}, nullptr}, z.data(), labels.data(), nullptr, found.data(), &scale};
  for (const std::int64_t i : {2, 0, 3, 1}) all(i);
  for (std::size_t i = 0; i < 4; ++i) {
    const auto first = z.begin() + static_cast<std::ptrdiff_t>(6 * i);
    const auto alone = judge<double, 6>({first, first + 6}, labels[i]);
    CHECK(found[i].loss == alone.loss);
    CHECK(found[i].right == alone.right);
  }
}
