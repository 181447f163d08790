#include <tnn/data/loader.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <memory>

#include <tnn/data/samples.hpp>
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/forked.hpp"

namespace {

// `count` samples of 2 x 3: every value of sample i is i, its label i % 7.
tnn::Samples<float, std::int32_t> numbered(int count) {
  std::vector<float> x;
  std::vector<std::int32_t> labels;
  for (int i = 0; i < count; ++i) {
    x.insert(x.end(), 6, static_cast<float>(i));
    labels.push_back(i % 7);
  }
  return {{2, 3}, std::move(x), std::move(labels)};
}

// A data set of one's own: two values and two targets a sample, and what its author does before.
struct watched {
  using target = double;
  std::int64_t count = 12;
  std::function<void(std::int64_t)> before = {};

  [[nodiscard]] std::int64_t size() const { return count; }
  [[nodiscard]] static std::vector<int> shape() { return {2}; }
  [[nodiscard]] static std::int64_t targets() { return 2; }
  void write(std::int64_t i, tnn::Draws& draws, std::span<double> x, std::span<double> y) const {
    if (before) before(i);
    x[0] = static_cast<double>(i);
    x[1] = static_cast<double>(draws.next());
    y[0] = y[1] = static_cast<double>(-i);
  }
};
static_assert(tnn::SampleSource<watched, double>);
static_assert(!tnn::SampleSource<watched, float>);

constexpr tnn::LoaderOptions in_order(int batch, int threads = 1) {
  return {.batch = batch, .seed = 11, .threads = threads};
}
constexpr tnn::LoaderOptions shuffled(int batch, int threads = 1) {
  return {.batch = batch, .shuffle = true, .seed = 11, .threads = threads};
}

// All that an epoch yields from a batch on, as numbers, checked for form on the way.
template <class D, class T>
std::vector<std::vector<T>> epoch_of(tnn::Loader<D, T>& loader, std::uint64_t epoch,
                                     std::int64_t first = 0) {
  std::vector<std::vector<T>> all;
  const auto targets = tnn::detail::targets_of(loader.data());
  const auto values = tnn::detail::values_of(tnn::detail::shape_of(loader.data()));
  loader.start(epoch, first);
  while (const auto* batch = loader.next()) {
    REQUIRE(batch->index == first + std::ssize(all));
    REQUIRE(std::ssize(batch->targets) == batch->count * targets);
    REQUIRE(std::ssize(batch->x) == batch->count * values);
    std::vector<T> numbers(batch->x.begin(), batch->x.end());
    for (const auto target : batch->targets) numbers.push_back(static_cast<T>(target));
    all.push_back(std::move(numbers));
  }
  REQUIRE(first + std::ssize(all) == loader.batches());
  REQUIRE(loader.next() == nullptr);
  return all;
}

// The samples that an epoch brings, by their first value.
template <class D>
std::vector<std::int32_t> order_of(tnn::Loader<D>& loader, std::uint64_t epoch) {
  std::vector<std::int32_t> order;
  loader.start(epoch);
  while (const auto* batch = loader.next())
    for (std::size_t i = 0; i < batch->targets.size(); ++i)
      order.push_back(static_cast<std::int32_t>(batch->x[6 * i]));
  return order;
}

}  // namespace

TEST_CASE("in order: every sample once, with its label, the last batch smaller") {
  for (const int threads : {1, 3}) {
    tnn::Loader loader(numbered(11), in_order(4, threads));
    CHECK(loader.batches() == 3);
    CHECK(loader.size() == 11);
    CHECK(refuses([&] { loader.next(); }, "before start() began an epoch"));
    loader.start(0);
    int i = 0;
    std::vector<int> counts;
    while (const auto* batch = loader.next()) {
      counts.push_back(batch->count);
      for (std::size_t b = 0; b < batch->targets.size(); ++b, ++i) {
        CHECK(batch->targets[b] == i % 7);
        for (std::size_t p = 0; p < 6; ++p) CHECK(batch->x[b * 6 + p] == static_cast<float>(i));
      }
    }
    CHECK(i == 11);
    CHECK(counts == std::vector{4, 4, 3});
  }
}

TEST_CASE("a data set of one's own, of doubles, several targets and draws") {
  tnn::Loader<watched, double> loader(watched{}, in_order(5));
  loader.start(4);
  loader.next();
  const auto* batch = loader.next();
  REQUIRE(batch != nullptr);
  tnn::Draws draws(11, tnn::random_stream::samples, 4, 7);
  CHECK(batch->x[4] == 7);
  CHECK(batch->x[5] == static_cast<double>(draws.next()));
  CHECK(batch->targets[4] == -7);
  CHECK(batch->targets[5] == -7);
}

TEST_CASE("shuffled: a permutation for each epoch, the same in every loader") {
  tnn::Loader loader(numbered(50), shuffled(8));
  std::vector<std::int32_t> expected(50);
  tnn::shuffled_order(expected, 11, 0);
  CHECK(order_of(loader, 0) == expected);
  const auto first = epoch_of(loader, 0), second = epoch_of(loader, 1);
  CHECK(first != second);
  tnn::Loader another(numbered(50), shuffled(8));
  CHECK(epoch_of(another, 1) == second);
  CHECK(epoch_of(another, 0) == first);
}

TEST_CASE("no number of threads changes a bit, samples' draws included") {
  tnn::Loader<watched, double> one(watched{.count = 101}, shuffled(8));
  const auto expected = epoch_of(one, 3);
  for (const int threads : {2, 3, 8, 20}) {
    tnn::Loader<watched, double> many(watched{.count = 101}, shuffled(8, threads));
    CHECK(epoch_of(many, 3) == expected);
    CHECK(epoch_of(many, 4) != expected);
  }
}

TEST_CASE("an epoch begun at batch k is the whole epoch's tail") {
  for (const int threads : {1, 4}) {
    tnn::Loader loader(numbered(21), shuffled(4, threads));
    const auto whole = epoch_of(loader, 5);
    for (std::int64_t k = 0; k <= loader.batches(); ++k) {
      tnn::Loader fresh(numbered(21), shuffled(4, threads));
      CHECK(epoch_of(fresh, 5, k) == std::vector(whole.begin() + k, whole.end()));
      CHECK(epoch_of(loader, 5, k) == std::vector(whole.begin() + k, whole.end()));
    }
    CHECK(refuses([&] { loader.start(5, 7); }, "has 6 batches; it cannot start at batch 7"));
    CHECK(refuses([&] { loader.start(5, -1); }, "cannot start at batch -1"));
  }
}

TEST_CASE("an epoch may be left at any point") {
  for (const int threads : {1, 3}) {
    tnn::Loader loader(numbered(40), shuffled(3, threads));
    const auto expected = epoch_of(loader, 2);
    for (int taken = 0; taken < 14; ++taken) {
      loader.start(9);
      for (int i = 0; i < taken; ++i) REQUIRE(loader.next() != nullptr);
      CHECK(epoch_of(loader, 2) == expected);
    }
    loader.start(3);  // and the loader may go in the middle of it
  }
}

TEST_CASE("a batch stays as it is while the next one is made") {
  tnn::Loader loader(numbered(30), in_order(2, 2));
  loader.start(0);
  for (int i = 0; i < 15; ++i) {
    const auto* batch = loader.next();
    REQUIRE(batch != nullptr);
    const std::vector<float> before(batch->x.begin(), batch->x.end());
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    CHECK(std::equal(before.begin(), before.end(), batch->x.begin()));
  }
}

TEST_CASE("one sample, no sample, a batch larger than all") {
  tnn::Loader last(numbered(9).last(2), in_order(1));
  last.start(0);
  CHECK(last.next()->x[0] == 7);
  tnn::Loader none(numbered(0), in_order(4));
  CHECK(none.batches() == 0);
  CHECK(epoch_of(none, 0).empty());
  tnn::Loader all(numbered(9), in_order(1'000'000, 2));
  CHECK(epoch_of(all, 0).size() == 1);
}

TEST_CASE("a smaller last batch may be dropped") {
  tnn::LoaderOptions whole = in_order(4);
  whole.drop_last = true;
  tnn::Loader loader(numbered(11), whole);
  CHECK(loader.batches() == 2);
  CHECK(epoch_of(loader, 0).size() == 2);
  tnn::Loader few(numbered(3), whole);
  CHECK(epoch_of(few, 0).empty());
}

TEST_CASE("what the threads throw reaches next(), after the batches before it") {
  for (const int threads : {1, 4}) {
    bool broken = true;
    watched data;
    data.before = [&](std::int64_t i) {
      // Of several samples that fail it is the first in the epoch that is told of, whichever
      // thread is the fastest.
      if (broken && i == 5) std::this_thread::sleep_for(std::chrono::milliseconds(20));
      if (broken && i >= 5) throw tnn::error("sample " + std::to_string(i) + " is broken");
    };
    tnn::Loader<watched, double> loader(data, in_order(4, threads));
    loader.start(0);
    CHECK(loader.next() != nullptr);
    CHECK(refuses([&] { loader.next(); }, "sample 5 is broken"));
    CHECK(refuses([&] { loader.next(); }, "sample 5 is broken"));
    broken = false;
    CHECK(epoch_of(loader, 0).size() == 3);
  }
}

TEST_CASE("an exception of another type stays what it is") {
  struct other {};
  watched data;
  data.before = [](std::int64_t) { throw other{}; };
  tnn::Loader<watched, double> loader(data, in_order(4));
  loader.start(0);
  CHECK_THROWS_AS(loader.next(), other);
}

TEST_CASE("a check is asked about each sample's targets") {
  tnn::Loader<watched, double> loader(
      watched{}, in_order(4),
      [](std::int64_t sample, std::span<const double> x, std::span<const double> targets) {
        if (targets[1] == -9 && x[0] == 9)
          throw tnn::error("sample " + std::to_string(sample) + " is wrong");
      });
  loader.start(0);
  loader.next();
  loader.next();
  CHECK(refuses([&] { loader.next(); }, "sample 9 is wrong"));
}

TEST_CASE("a data set that has changed its size is refused") {
  const auto count = std::make_shared<std::int64_t>(12);
  struct shrinking : watched {
    std::shared_ptr<std::int64_t> now;
    [[nodiscard]] std::int64_t size() const { return *now; }
  };
  shrinking data;
  data.now = count;
  tnn::Loader<shrinking, double> loader(data, in_order(4));
  CHECK(epoch_of(loader, 0).size() == 3);
  *count = 7;
  CHECK(refuses([&] { loader.start(1); }, "had 12 samples", "has 7 now"));
}

TEST_CASE("a loader says that it was made before fork(), and ends in the child") {
  auto loader = std::make_unique<tnn::Loader<tnn::Samples<float, std::int32_t>>>(numbered(50),
                                                                                 in_order(4, 2));
  loader->start(0);
  REQUIRE(loader->next() != nullptr);
  CHECK(in_a_child([&] {
          const bool said = refuses([&] { loader->next(); }, "before fork()", "in the child") &&
                            refuses([&] { loader->start(1); }, "before fork()");
          loader.reset();
          tnn::Loader own(numbered(50), in_order(4));
          return said && epoch_of(own, 0).size() == 13 ? 7 : 1;
        }) == 7);
  REQUIRE(loader->next() != nullptr);  // the parent's goes on
}

TEST_CASE("waiting is counted") {
  watched data;
  data.count = 4;
  data.before = [](std::int64_t) { std::this_thread::sleep_for(std::chrono::milliseconds(20)); };
  tnn::Loader<watched, double> loader(data, in_order(2));
  CHECK(loader.wait_seconds() == 0);
  loader.start(0);
  loader.next();
  CHECK(loader.wait_seconds() > 0.03);
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  const double before = loader.wait_seconds();
  loader.next();
  CHECK(loader.wait_seconds() - before < 0.03);
}

TEST_CASE("options and data that make no sense are refused") {
  struct targetless : watched {
    [[nodiscard]] static std::int64_t targets() { return 0; }
  };
  CHECK(refuses([] { tnn::Loader<targetless, double> loader(targetless{}, in_order(2)); },
                "0 targets a sample"));
  CHECK(refuses([] { tnn::Loader loader(numbered(4), in_order(0)); }, "a batch of 0 samples"));
  CHECK(refuses([] { tnn::Loader loader(numbered(4), in_order(2, 0)); }, "a loader has 0 threads"));
  for (const std::int64_t size : {std::int64_t{-1}, std::int64_t{1} << 31}) {
    const auto made = [size] {
      tnn::Loader<watched, double> loader(watched{.count = size}, in_order(2));
    };
    CHECK(refuses(made, "has " + std::to_string(size) + " samples; expected 0 to 2147483647"));
  }
}
