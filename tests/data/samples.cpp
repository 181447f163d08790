// Floats in memory, and what may be done to samples on the way to a network.
#include <tnn/data/samples.hpp>

#include <cmath>

#include <tnn/data/transformed.hpp>
#include "support/catch.hpp"
#include "support/error_text.hpp"

using tnn::Draws, tnn::Normalise, tnn::Samples, tnn::Transformed;

namespace {

// Three samples of 2 x 2: values 0 ... 11, labels 5, 6, 7.
const Samples labelled({2, 2}, std::vector<float>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11},
                       std::vector<std::int32_t>{5, 6, 7});

template <class T, class D>
std::vector<T> values(const D& data, std::int64_t i, std::uint64_t epoch = 0) {
  std::vector<T> x(4, T{-1});
  std::vector<std::int32_t> targets(static_cast<std::size_t>(tnn::detail::targets_of(data)));
  Draws draws(3, tnn::random_stream::samples, epoch, static_cast<std::uint32_t>(i));
  data.write(i, draws, std::span(x), std::span(targets));
  return x;
}

}  // namespace

static_assert(tnn::SampleSource<Samples<float, std::int32_t>>);
static_assert(tnn::SampleSource<Samples<float, float>, double>);
static_assert(tnn::SampleSource<Transformed<Samples<double, double>, Normalise>>);

TEST_CASE("samples and labels by number, as floats or doubles") {
  CHECK(labelled.size() == 3);
  CHECK(labelled.targets() == 1);
  CHECK(values<float>(labelled, 1) == std::vector<float>{4, 5, 6, 7});
  CHECK(values<double>(labelled.last(1), 0) == std::vector<double>{8, 9, 10, 11});
  CHECK(labelled.slice(1, 2).targets_of(1)[0] == 7);
  CHECK(labelled.first(2).values_of(1).data() == labelled.values_of(1).data());
}

TEST_CASE("several values to be learnt of each sample") {
  const Samples data({1}, std::vector<double>{1, 2}, std::vector<double>{10, 11, 12, 20, 21, 22});
  CHECK(data.targets() == 3);
  float x = 0;
  std::vector<float> y(3);
  Draws draws(1, tnn::random_stream::samples, 0);
  data.write(1, draws, std::span(&x, 1), std::span(y));
  CHECK(x == 2);
  CHECK(y == std::vector<float>{20, 21, 22});
}

TEST_CASE("values, targets and shape that do not fit are refused") {
  const auto make = [](std::vector<int> shape, std::size_t x, std::size_t y) {
    Samples(std::move(shape), std::vector<float>(x), std::vector<float>(y));
  };
  CHECK(error_text([&] { make({3, 2}, 12, 2); }) == "no error");
  CHECK(error_text([&] { make({3, 2}, 0, 0); }) == "no error");
  CHECK(refuses([&] { make({3, 2}, 13, 2); }, "13 values", "not whole samples of 3 x 2"));
  CHECK(refuses([&] { make({3, 2}, 12, 3); }, "2 samples of 3 x 2", "3 targets"));
  CHECK(refuses([&] { make({3, 2}, 12, 0); }, "2 samples", "0 targets"));
  CHECK(refuses([&] { make({3, 2}, 0, 2); }, "0 samples", "2 targets"));
  CHECK(refuses([&] { make({3, 0}, 12, 2); }, "an extent of a sample is 0"));
}

TEST_CASE("a mean and a deviation for each channel, by torchvision's formula") {
  const Transformed data{labelled, Normalise{{1, 2}, {0.5, 4}}};
  CHECK(values<float>(data, 1) == std::vector<float>{6, 8, 1, 1.25f});
  CHECK(data.size() == 3);
  const Transformed none{labelled, Normalise{}};
  CHECK(values<float>(none, 1) == values<float>(labelled, 1));
  const auto refused = [](std::vector<double> mean, std::vector<double> deviation) {
    return error_text([&] { Transformed{labelled, Normalise{mean, deviation}}; });
  };
  CHECK(refused({1}, {1}) ==
        "1 means and 1 standard deviations were given for samples of 2 channels; expected one of "
        "each for a channel");
  CHECK(refused({1, 2}, {1}).find("2 means and 1 standard deviations") == 0);
  CHECK(refused({1, 2}, {1, 0}).find("a standard deviation is 0") == 0);
  CHECK(refused({1, NAN}, {1, 1}).find("a mean is nan") == 0);
}

TEST_CASE("transforms of one's own, in turn, with draws of their own for each sample and epoch") {
  const auto twice = [](std::span<float> x) {
    for (float& value : x) value *= 2;
  };
  const float width = 1;
  const auto noise = [width](std::span<float> x, Draws& draws) {
    for (float& value : x) value += width * draws.uniform();
  };
  static_assert(tnn::SampleSource<Transformed<decltype(labelled.first(1)), decltype(noise)>>);
  const Transformed doubled{labelled, twice, Normalise{{1, 1}, {1, 1}}};
  CHECK(values<float>(doubled, 1) == std::vector<float>{7, 9, 11, 13});
  const Transformed noisy{Transformed{labelled, twice}, noise};
  const auto first = values<float>(noisy, 1);
  CHECK(first == values<float>(noisy, 1));
  CHECK(first != values<float>(noisy, 1, 1));
  const auto other = values<float>(noisy, 2);
  for (std::size_t k = 0; k < 4; ++k) {
    CHECK(first[k] >= 8 + 2 * static_cast<float>(k));
    CHECK(first[k] < 9 + 2 * static_cast<float>(k));
    CHECK(other[k] - 8 != first[k]);
  }
}
