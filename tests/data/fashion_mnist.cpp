#include <tnn/data/fashion_mnist.hpp>

#include <array>

#include <tnn/data/checksum.hpp>
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/gzip.hpp"
#include "support/idx.hpp"
#include "support/temporary_folder.hpp"

using tnn::fashion_mnist, tnn::Split;

namespace {

// Three images of 2 x 4: pixels 0, 1, 2, ...; labels 0, 5, 9.
const std::string images = [] {
  std::vector<std::uint8_t> pixels(24);
  for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] = static_cast<std::uint8_t>(i);
  return idx_bytes({3, 2, 4}, pixels);
}();
const std::string labels = idx_bytes({3}, {0, 5, 9});

}  // namespace

TEST_CASE("a folder of any size, plain or gzipped") {
  const temporary_folder folder;
  folder.write("train-images-idx3-ubyte", images);
  folder.write("train-labels-idx1-ubyte.gz", gzipped(labels));
  folder.write("t10k-images-idx3-ubyte.gz",
               gzipped(idx_bytes({1, 2, 4}, {9, 8, 7, 6, 5, 4, 3, 2})));
  folder.write("t10k-labels-idx1-ubyte", idx_bytes({1}, {7}));
  const tnn::LabelledImages train = fashion_mnist(folder.path(), Split::train);
  CHECK(train.size() == 3);
  CHECK(train.classes() == 10);
  CHECK(train.channels() == 1);
  CHECK(train.height() == 2);
  CHECK(train.width() == 4);
  CHECK(train.image(2)[7] == 23);
  CHECK(train.label(2) == 9);
  const tnn::LabelledImages test = fashion_mnist(folder.path(), Split::test);
  CHECK(test.size() == 1);
  CHECK(test.image(0)[0] == 9);
  CHECK(test.label(0) == 7);
  CHECK(tnn::checksum(test) != tnn::checksum(train));
}

TEST_CASE("a missing file says how to get the data") {
  const temporary_folder folder;
  const auto load = [&] { fashion_mnist(folder.path(), Split::train); };
  CHECK(refuses(load, folder.path().string(), "train-images-idx3-ubyte",
                "apt-get install dataset-fashion-mnist", "name a folder",
                "t10k-labels-idx1-ubyte"));
  folder.write("train-images-idx3-ubyte", images);
  CHECK(refuses(load, "there is no train-labels-idx1-ubyte", "apt-get"));
  CHECK(refuses([&] { fashion_mnist(folder / "none", Split::test); }, (folder / "none").string(),
                "apt-get"));
  CHECK(
      refuses([&] { fashion_mnist(folder / "train-images-idx3-ubyte", Split::test); }, "apt-get"));
}

TEST_CASE("files that do not fit together are refused, by name") {
  const temporary_folder folder;
  const auto refused = [&](const std::string& image_file, const std::string& label_file,
                           const std::string& file, const std::string& why) {
    folder.write("t10k-images-idx3-ubyte", image_file);
    folder.write("t10k-labels-idx1-ubyte", label_file);
    return refuses([&] { fashion_mnist(folder.path(), Split::test); },
                   (folder / ("t10k-" + file)).string(), why);
  };
  CHECK(refused(images, idx_bytes({4}, {0, 1, 2, 3}), "images-idx3-ubyte", "3 images"));
  CHECK(refused(images, idx_bytes({3}, {0, 10, 3}), "labels-idx1-ubyte", "label 1 is 10"));
  CHECK(refused(images, images, "labels-idx1-ubyte", "3 extents, expected 1"));
  CHECK(refused(labels, labels, "images-idx3-ubyte", "1 extents, expected 3"));
  CHECK(refused(images + "x", labels, "images-idx3-ubyte", "promise 24 values, it holds 25"));
  CHECK(refused("", labels, "images-idx3-ubyte", "first 4 bytes"));
}

TEST_CASE("two IDX files of one's own, with channels") {
  const temporary_folder folder;
  const auto x =
      folder.write("x", idx_bytes({2, 3, 1, 2}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}));
  const auto y = folder.write("y.gz", gzipped(idx_bytes({2}, {1, 0})));
  const tnn::LabelledImages mine = tnn::read_idx_images("mine", x, y, 2);
  CHECK(mine.name() == "mine");
  CHECK(mine.channels() == 3);
  CHECK(mine.width() == 2);
  CHECK(mine.image(1)[0] == 7);
  CHECK(mine.label(0) == 1);
  CHECK(refuses([&] { tnn::read_idx_images("mine", x, y, 1); }, y.string(), "label 0 is 1"));
}

TEST_CASE("a folder in a file's place is refused") {
  const temporary_folder folder;
  folder.write("train-labels-idx1-ubyte", labels);
  std::filesystem::create_directory(folder / "train-images-idx3-ubyte");
  CHECK(refuses([&] { fashion_mnist(folder.path(), Split::train); }, "it is a folder"));
}

TEST_CASE("the real data, where installed") {
  if (!std::filesystem::is_directory(tnn::fashion_mnist_default_dir)) {
    WARN("dataset-fashion-mnist is not installed; nothing was tried");
    return;
  }
  const auto train = fashion_mnist(tnn::fashion_mnist_default_dir, Split::train);
  const auto test = fashion_mnist(tnn::fashion_mnist_default_dir, Split::test);
  CHECK(train.size() == 60'000);
  CHECK(test.size() == 10'000);
  CHECK(train.height() == 28);
  CHECK(train.width() == 28);
  CHECK(tnn::fashion_mnist_class_names[static_cast<std::size_t>(train.label(0))] == "Ankle boot");
  std::array<int, 10> counts{};
  for (int i = 0; i < test.size(); ++i) ++counts[static_cast<std::size_t>(test.label(i))];
  for (const int count : counts) CHECK(count == 1000);
}
