#include <tnn/data/loader.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>

#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/forked.hpp"

namespace {

bool near(float value, double expected) { return std::abs(value - expected) < 1e-6; }

// `count` images of 2 x 3 x 2; every pixel of image i is i, its second channel i + 100; label i
// % 7.
tnn::labelled_images numbered_images(int count) {
  std::vector<std::uint8_t> pixels, labels;
  for (int i = 0; i < count; ++i) {
    pixels.insert(pixels.end(), 6, static_cast<std::uint8_t>(i));
    pixels.insert(pixels.end(), 6, static_cast<std::uint8_t>(i + 100));
    labels.push_back(static_cast<std::uint8_t>(i % 7));
  }
  return {"numbered", 2, 3, 2, 7, std::move(pixels), std::move(labels)};
}

tnn::loader_options small(int batch, bool shuffle = false) {
  return {.batch = batch, .height = 5, .width = 4, .shuffle = shuffle, .seed = 11};
}

// All that an epoch yields from a batch on, as numbers, checked for form on the way.
std::vector<std::vector<float>> epoch_of(tnn::Loader& loader, std::uint64_t epoch,
                                         std::int64_t first = 0) {
  std::vector<std::vector<float>> all;
  loader.start(epoch, first);
  while (const tnn::batch_view* batch = loader.next()) {
    REQUIRE(batch->index == first + std::ssize(all));
    REQUIRE(std::ssize(batch->labels) == batch->count);
    REQUIRE(std::ssize(batch->images) == std::ptrdiff_t{batch->count} * 2 * 5 * 4);
    std::vector<float> values(batch->images.begin(), batch->images.end());
    values.insert(values.end(), batch->labels.begin(), batch->labels.end());
    all.push_back(std::move(values));
  }
  REQUIRE(first + std::ssize(all) == loader.batches());
  REQUIRE(loader.next() == nullptr);
  return all;
}

}  // namespace

TEST_CASE("in order: every image once, with its label, the last batch smaller") {
  const tnn::labelled_images images = numbered_images(11);
  tnn::Loader loader(images.view(), small(4));
  CHECK(loader.batches() == 3);
  CHECK(loader.next() == nullptr);  // not started
  loader.start(0);
  int i = 0;
  std::vector<int> counts;
  while (const tnn::batch_view* batch = loader.next()) {
    counts.push_back(batch->count);
    for (int b = 0; b < batch->count; ++b, ++i) {
      CHECK(batch->labels[static_cast<std::size_t>(b)] == i % 7);
      for (std::size_t p = 0; p < 40; ++p) {
        const float value = batch->images[static_cast<std::size_t>(b) * 40 + p];
        if (!near(value, (p < 20 ? i : i + 100) / 255.0)) FAIL(i << ' ' << p);
      }
    }
  }
  CHECK(i == 11);
  CHECK(counts == std::vector{4, 4, 3});
}

TEST_CASE("mean and standard deviation") {
  const tnn::labelled_images images = numbered_images(3);
  tnn::loader_options options = small(3);
  options.mean = 0.25f;
  options.standard_deviation = 0.5f;
  tnn::Loader loader(images.view(), options);
  loader.start(0);
  const tnn::batch_view* batch = loader.next();
  REQUIRE(batch != nullptr);
  CHECK(near(batch->images[2 * 40], (2 / 255.0 - 0.25) / 0.5));
  CHECK(near(batch->images[2 * 40 + 39], (102 / 255.0 - 0.25) / 0.5));
}

TEST_CASE("shuffled: a permutation for each epoch, the same in every loader") {
  const tnn::labelled_images images = numbered_images(50);
  std::vector<std::int32_t> order;
  tnn::loader_options recording = small(8, true);
  recording.finish = [&](std::int32_t index, std::span<float>) { order.push_back(index); };
  tnn::Loader loader(images.view(), recording);
  const auto first = epoch_of(loader, 0);
  std::vector<std::int32_t> expected(50);
  tnn::shuffled_order(expected, 11, 0);
  CHECK(order == expected);
  const auto second = epoch_of(loader, 1);
  CHECK(first != second);
  tnn::Loader another(images.view(), small(8, true));
  CHECK(epoch_of(another, 1) == second);
  CHECK(epoch_of(another, 0) == first);
}

TEST_CASE("an epoch begun at batch k is the whole epoch's tail") {
  const tnn::labelled_images images = numbered_images(21);
  tnn::Loader loader(images.view(), small(4, true));
  const auto whole = epoch_of(loader, 5);
  for (std::int64_t k = 0; k <= loader.batches(); ++k) {
    tnn::Loader fresh(images.view(), small(4, true));
    CHECK(epoch_of(fresh, 5, k) == std::vector(whole.begin() + k, whole.end()));
    CHECK(epoch_of(loader, 5, k) == std::vector(whole.begin() + k, whole.end()));
  }
  CHECK(refuses([&] { loader.start(5, 7); }, "has 6 batches; it cannot start at batch 7"));
  CHECK(refuses([&] { loader.start(5, -1); }, "cannot start at batch -1"));
}

TEST_CASE("an epoch may be left at any point") {
  const tnn::labelled_images images = numbered_images(40);
  tnn::Loader loader(images.view(), small(3, true));
  const auto expected = epoch_of(loader, 2);
  for (int taken = 0; taken < 14; ++taken) {
    loader.start(9);
    for (int i = 0; i < taken; ++i) REQUIRE(loader.next() != nullptr);
    CHECK(epoch_of(loader, 2) == expected);
  }
  loader.start(3);  // and the loader may go in the middle of it
}

TEST_CASE("a batch stays as it is while the next one is made") {
  const tnn::labelled_images images = numbered_images(30);
  tnn::Loader loader(images.view(), small(2));
  loader.start(0);
  for (int i = 0; i < 15; ++i) {
    const tnn::batch_view* batch = loader.next();
    REQUIRE(batch != nullptr);
    const std::vector<float> before(batch->images.begin(), batch->images.end());
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    CHECK(std::equal(before.begin(), before.end(), batch->images.begin()));
  }
}

TEST_CASE("views of a part, one image, no image, a batch larger than all") {
  const tnn::labelled_images images = numbered_images(9);
  tnn::Loader last(images.last(2), small(1));
  last.start(0);
  CHECK(near(last.next()->images[0], 7 / 255.0));
  tnn::Loader none(images.first(0), small(4));
  CHECK(none.batches() == 0);
  CHECK(epoch_of(none, 0).empty());
  tnn::Loader all(images.view(), small(1'000'000));
  CHECK(epoch_of(all, 0).size() == 1);
}

TEST_CASE("what the thread throws reaches next(), after the batches before it") {
  const tnn::labelled_images images = numbered_images(12);
  bool broken = true;
  tnn::loader_options options = small(4);
  options.finish = [&](std::int32_t index, std::span<float>) {
    if (broken && index == 5) throw tnn::error("image 5 is broken");
  };
  tnn::Loader loader(images.view(), options);
  loader.start(0);
  CHECK(loader.next() != nullptr);
  CHECK(refuses([&] { loader.next(); }, "image 5 is broken"));
  CHECK(refuses([&] { loader.next(); }, "image 5 is broken"));
  broken = false;
  CHECK(epoch_of(loader, 0).size() == 3);
}

TEST_CASE("finish may change the image") {
  const tnn::labelled_images images = numbered_images(3);
  tnn::loader_options options = small(3);
  options.finish = [](std::int32_t index, std::span<float> image) {
    std::fill(image.begin(), image.end(), static_cast<float>(-index));
  };
  tnn::Loader loader(images.view(), options);
  loader.start(0);
  const tnn::batch_view* batch = loader.next();
  REQUIRE(batch != nullptr);
  CHECK(batch->images[39] == 0);
  CHECK(batch->images[119] == -2);
}

TEST_CASE("a loader says that it was made before fork(), and ends in the child") {
  const tnn::labelled_images images = numbered_images(50);
  auto loader = std::make_unique<tnn::Loader>(images.view(), small(4));
  loader->start(0);
  REQUIRE(loader->next() != nullptr);
  CHECK(in_a_child([&] {
          const bool said = refuses([&] { loader->next(); }, "before fork()", "in the child") &&
                            refuses([&] { loader->start(1); }, "before fork()");
          loader.reset();
          tnn::Loader own(images.view(), small(4));
          return said && epoch_of(own, 0).size() == 13 ? 7 : 1;
        }) == 7);
  REQUIRE(loader->next() != nullptr);  // the parent's goes on
}

TEST_CASE("waiting is counted") {
  const tnn::labelled_images images = numbered_images(4);
  tnn::loader_options options = small(2);
  options.finish = [](std::int32_t, std::span<float>) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  };
  tnn::Loader loader(images.view(), options);
  CHECK(loader.wait_seconds() == 0);
  loader.start(0);
  loader.next();
  CHECK(loader.wait_seconds() > 0.03);
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  const double before = loader.wait_seconds();
  loader.next();
  CHECK(loader.wait_seconds() - before < 0.03);
}

TEST_CASE("options that make no sense are refused") {
  const tnn::labelled_images images = numbered_images(4);
  const auto with = [&](auto change) {
    return [&images, change] {
      tnn::loader_options options = small(2);
      change(options);
      tnn::Loader loader(images.view(), options);
    };
  };
  CHECK(refuses(with([](auto& o) { o.batch = 0; }), "a batch of 0 images"));
  CHECK(refuses(with([](auto& o) { o.height = 0; }), "cannot resize 3 pixels to 0"));
  CHECK(refuses(with([](auto& o) { o.standard_deviation = 0; }), "standard deviation"));
  CHECK(refuses(with([](auto& o) { o.mean = NAN; }), "finite"));
}
