#pragma once
// Fashion-MNIST (Xiao, Rasul and Vollgraf, 2017): grey 28 x 28 images of ten kinds of clothing.
// A folder holds four IDX files, {train,t10k}-{images-idx3,labels-idx1}-ubyte, each plain or .gz.
// Sizes come from the files, so smaller folders of the same form are as good.
#include <array>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include <tnn/data/dataset.hpp>
#include <tnn/data/idx.hpp>

namespace tnn {

/// Where Debian's package dataset-fashion-mnist puts it.
inline constexpr const char* fashion_mnist_default_dir = "/usr/share/datasets/fashion-mnist";

/// The classes' names, by label.
inline constexpr std::array<std::string_view, 10> fashion_mnist_class_names = {
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
    "Sandal",      "Shirt",   "Sneaker",  "Bag",   "Ankle boot"};

enum class split { train, test };

namespace detail {

inline std::filesystem::path find_fashion_mnist(const std::filesystem::path& folder,
                                                const std::string& name) {
  for (const std::string& candidate : {name, name + ".gz"}) {
    std::error_code failure;
    if (std::filesystem::exists(folder / candidate, failure)) return folder / candidate;
    if (failure)
      throw error("cannot look for Fashion-MNIST in " + printable_path(folder) + ": " +
                  failure.message());
  }
  throw error("no Fashion-MNIST in " + printable_path(folder) + ": there is no " + name +
              " or .gz; install it (apt-get install dataset-fashion-mnist, which fills " +
              fashion_mnist_default_dir +
              ") or name a folder that holds train-images-idx3-ubyte, "
              "train-labels-idx1-ubyte, t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte, "
              "each plain or .gz");
}

}  // namespace detail

/// Reads one split, 1 channel and 10 classes. Throws tnn::error for a missing or damaged file,
/// and for images and labels that do not fit together.
inline labelled_images fashion_mnist(const std::filesystem::path& folder, split which) {
  const std::string prefix = which == split::train ? "train" : "t10k";
  const auto images_path = detail::find_fashion_mnist(folder, prefix + "-images-idx3-ubyte");
  const auto labels_path = detail::find_fashion_mnist(folder, prefix + "-labels-idx1-ubyte");
  constexpr int classes = static_cast<int>(fashion_mnist_class_names.size());

  idx_array labels = read_idx(labels_path);  // the small file first: refusals come sooner
  if (labels.extents.size() != 1)
    throw error(detail::printable_path(labels_path) + ": " + std::to_string(labels.extents.size()) +
                " extents, expected 1: the number of labels");
  check_labels(labels.values, classes, detail::printable_path(labels_path));

  idx_array images = read_idx(images_path);
  if (images.extents.size() != 3)
    throw error(detail::printable_path(images_path) + ": " + std::to_string(images.extents.size()) +
                " extents, expected 3: images, height, width");
  if (images.extents[0] != labels.extents[0])
    throw error(detail::printable_path(images_path) + " holds " +
                std::to_string(images.extents[0]) + " images, but " +
                detail::printable_path(labels_path) + " holds " +
                std::to_string(labels.extents[0]) + " labels: use two files of one data set");

  return labelled_images("Fashion-MNIST " + prefix, 1, images.extents[1], images.extents[2],
                         classes, std::move(images.values), std::move(labels.values));
}

}  // namespace tnn
