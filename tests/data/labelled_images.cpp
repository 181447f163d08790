#include <tnn/data/labelled_images.hpp>

#include <cmath>

#include <tnn/data/checksum.hpp>
#include "support/catch.hpp"
#include "support/error_text.hpp"

namespace {

// Five images of 2 x 1 x 3; pixel p of image i is 10 i + p, its label i.
tnn::LabelledImages five_images() {
  std::vector<std::uint8_t> pixels;
  std::vector<std::int32_t> labels;
  for (int i = 0; i < 5; ++i) {
    for (int p = 0; p < 6; ++p) pixels.push_back(static_cast<std::uint8_t>(10 * i + p));
    labels.push_back(i);
  }
  return {"five", 2, 1, 3, 5, std::move(pixels), std::move(labels)};
}

template <class T>
struct written {
  std::vector<T> x;
  std::int32_t label = -1;
};
template <class T, class D>
written<T> sample(const D& data, std::int64_t i, std::size_t values) {
  written<T> w{std::vector<T>(values), -1};
  tnn::Draws draws(1, tnn::random_stream::samples, 0);
  data.write(i, draws, std::span(w.x), std::span(&w.label, 1));
  return w;
}

}  // namespace

static_assert(tnn::SampleSource<tnn::LabelledImages>);
static_assert(tnn::SampleSource<tnn::LabelledImages, double>);
static_assert(tnn::SampleSource<tnn::ResizedImages, double>);

TEST_CASE("images and labels by number") {
  const tnn::LabelledImages images = five_images();
  CHECK(images.name() == "five");
  CHECK(images.size() == 5);
  CHECK(images.classes() == 5);
  CHECK(images.channels() == 2);
  CHECK(images.height() == 1);
  CHECK(images.width() == 3);
  CHECK(images.image(3)[0] == 30);
  CHECK(images.image(3)[5] == 35);
  CHECK(images.image(3).size() == 6);
  CHECK(images.label(3) == 3);
}

TEST_CASE("a sample is its bytes / 255, of any scalar") {
  const auto w = sample<double>(five_images(), 4, 6);
  CHECK(w.label == 4);
  for (std::size_t p = 0; p < 6; ++p)
    CHECK(std::abs(w.x[p] - (40 + static_cast<double>(p)) / 255) < 1e-15);
}

TEST_CASE("resized: each channel by itself, labels as they are") {
  const tnn::ResizedImages wide = five_images().resized(2, 6);
  CHECK(std::vector(wide.shape().begin(), wide.shape().end()) == std::vector{2, 2, 6});
  CHECK(wide.size() == 5);
  CHECK(wide.classes() == 5);
  const auto w = sample<float>(wide, 2, 24);
  CHECK(w.label == 2);
  tnn::BilinearResize resize(1, 3, 2, 6);
  const std::uint8_t second[] = {23, 24, 25};
  std::vector<float> expected(12);
  resize(second, expected.data(), 1 / 255.0f);
  CHECK(std::vector(w.x.begin() + 12, w.x.end()) == expected);
  const auto same = sample<float>(five_images().resized(1, 3), 2, 6);
  CHECK(same.x == sample<float>(five_images(), 2, 6).x);
  CHECK(refuses([] { static_cast<void>(five_images().resized(0, 3)); },
                "cannot resize 1 pixels to 0"));
}

TEST_CASE("parts share the pixels, and outlive the whole") {
  const auto part_of_a_temporary = five_images().slice(1, 3).last(2);
  CHECK(part_of_a_temporary.label(0) == 2);
  const tnn::LabelledImages images = five_images();
  const tnn::LabelledImages train = images.first(3), validation = images.last(2);
  CHECK(train.image(0).data() == images.image(0).data());
  CHECK(train.size() == 3);
  CHECK(train.pixels().size() == 18);
  CHECK(validation.size() == 2);
  CHECK(validation.image(0)[0] == 30);
  CHECK(validation.label(1) == 4);
  CHECK(validation.labels()[0] == 3);
  CHECK(validation.slice(1, 1).image(0)[2] == 42);
  CHECK(images.first(5).size() == 5);
  CHECK(images.last(0).size() == 0);
  CHECK(refuses([&] { return images.first(6); }, "there are 5"));
  CHECK(refuses([&] { return images.last(6); }, "there are 5"));
  CHECK(refuses([&] { return images.first(-1); }, "there are 5"));
  CHECK(refuses([&] { return images.slice(4, 2); }, "2 samples from number 4 on", "there are 5"));
  CHECK(refuses([&] { return images.slice(2147483647, 2147483647); }, "there are 5"));
}

TEST_CASE("the checksum is the CRC-32 of pixels, then labels") {
  std::vector<std::uint8_t> pixels = {'1', '2', '3', '4', '5', '6'};
  std::vector<std::int32_t> labels = {'7', '8', '9'};
  const tnn::LabelledImages images("digits", 1, 1, 2, 256, pixels, labels);
  CHECK(tnn::checksum(images) == 0xcbf43926u);  // the check value of CRC-32
  CHECK(tnn::checksum(images.first(2)) != tnn::checksum(images));
  std::swap(pixels[0], pixels[1]);
  CHECK(tnn::checksum(tnn::LabelledImages("digits", 1, 1, 2, 256, pixels, labels)) !=
        tnn::checksum(images));
}

TEST_CASE("what does not fit together is refused, by name") {
  const auto make = [](int channels, std::size_t pixels, std::vector<std::int32_t> labels) {
    tnn::LabelledImages("NAME", channels, 2, 2, 3, std::vector<std::uint8_t>(pixels),
                        std::move(labels));
  };
  CHECK(error_text([&] { make(1, 8, {0, 2}); }) == "no error");
  CHECK(refuses([&] { make(1, 7, {0, 2}); }, "NAME: 7 pixels are not 2 images of 1 x 2 x 2"));
  CHECK(refuses([&] { make(1, 8, {0, 2, 1}); }, "NAME: 8 pixels are not 3 images"));
  CHECK(refuses([&] { make(1, 8, {0, 3}); }, "NAME: label 1 is 3, expected 0 to 2"));
  CHECK(refuses([&] { make(1, 8, {0, -1}); }, "NAME: label 1 is -1, expected 0 to 2"));
  CHECK(refuses([&] { make(0, 8, {0, 1}); }, "NAME", "must be positive"));
  const auto vast = [] {  // 2^4 images of 2^60 bytes: as many as none, to 64 bits
    tnn::LabelledImages("NAME", 1, 1 << 30, 1 << 30, 3, {}, std::vector<std::int32_t>(16));
  };
  CHECK(refuses(vast, "NAME: 0 pixels are not 16 images"));
}
