#include <tnn/data/dataset.hpp>

#include <type_traits>

#include "support/catch.hpp"
#include "support/error_text.hpp"

namespace {

// Five images of 2 x 1 x 3; pixel p of image i is 10 i + p, its label i.
tnn::labelled_images five_images() {
  std::vector<std::uint8_t> pixels, labels;
  for (int i = 0; i < 5; ++i) {
    for (int p = 0; p < 6; ++p) pixels.push_back(static_cast<std::uint8_t>(10 * i + p));
    labels.push_back(static_cast<std::uint8_t>(i));
  }
  return {"five", 2, 1, 3, 5, std::move(pixels), std::move(labels)};
}

}  // namespace

// A copy would hold views into the original.
static_assert(!std::is_copy_constructible_v<tnn::labelled_images>);

TEST_CASE("images and labels by number") {
  const tnn::labelled_images images = five_images();
  CHECK(images.name() == "five");
  CHECK(images.count() == 5);
  CHECK(images.classes() == 5);
  CHECK(images.view().image_size() == 6);
  CHECK(images.view().image(3)[0] == 30);
  CHECK(images.view().image(3)[5] == 35);
  CHECK(images.view().labels[3] == 3);
}

TEST_CASE("slices share the pixels") {
  const tnn::labelled_images images = five_images();
  const tnn::labelled_images_view train = images.first(3), validation = images.last(2);
  CHECK(train.pixels == images.view().pixels);
  CHECK(train.count == 3);
  CHECK(validation.count == 2);
  CHECK(validation.image(0)[0] == 30);
  CHECK(validation.labels[1] == 4);
  CHECK(validation.slice(1, 1).image(0)[2] == 42);
  CHECK(images.first(5).count == 5);
  CHECK(images.last(0).count == 0);
  CHECK(refuses([&] { return images.first(6); }, "there are 5"));
  CHECK(refuses([&] { return images.last(6); }, "there are 5"));
  CHECK(refuses([&] { return images.first(-1); }, "there are 5"));
  CHECK(refuses([&] { return images.slice(4, 2); }, "images 4 to 6", "there are 5"));
  CHECK(refuses([&] { return images.slice(2147483647, 2147483647); }, "there are 5"));
}

TEST_CASE("a moved data set keeps its images") {
  tnn::labelled_images from = five_images();
  const tnn::labelled_images_view before = from.view();
  const tnn::labelled_images to = std::move(from);
  CHECK(to.view().pixels == before.pixels);
  CHECK(to.view().image(4)[5] == 45);
}

TEST_CASE("the checksum is the CRC-32 of pixels, then labels") {
  std::vector<std::uint8_t> pixels = {'1', '2', '3', '4', '5', '6'};
  std::vector<std::uint8_t> labels = {'7', '8', '9'};
  const tnn::labelled_images images("digits", 1, 1, 2, 256, pixels, labels);
  CHECK(images.checksum() == 0xcbf43926u);  // the check value of CRC-32
  CHECK(tnn::checksum(images.view()) == images.checksum());
  CHECK(tnn::checksum(images.first(2)) != images.checksum());
  std::swap(pixels[0], pixels[1]);
  CHECK(tnn::labelled_images("digits", 1, 1, 2, 256, pixels, labels).checksum() !=
        images.checksum());
}

TEST_CASE("what does not fit together is refused, by name") {
  const auto make = [](int channels, std::size_t pixels, std::vector<std::uint8_t> labels) {
    tnn::labelled_images("NAME", channels, 2, 2, 3, std::vector<std::uint8_t>(pixels),
                         std::move(labels));
  };
  CHECK(error_text([&] { make(1, 8, {0, 2}); }) == "no error");
  CHECK(refuses([&] { make(1, 7, {0, 2}); }, "NAME: 7 pixels are not 2 images of 1 x 2 x 2"));
  CHECK(refuses([&] { make(1, 8, {0, 2, 1}); }, "NAME: 8 pixels are not 3 images"));
  CHECK(refuses([&] { make(1, 8, {0, 3}); }, "NAME: label 1 is 3, expected 0 to 2"));
  CHECK(refuses([&] { make(0, 8, {0, 1}); }, "NAME", "must be positive"));
}
