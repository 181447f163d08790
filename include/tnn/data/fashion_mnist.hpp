#pragma once
// Fashion-MNIST (Xiao, Rasul and Vollgraf, 2017): grey 28 x 28 images of ten kinds of clothing.
// A folder holds four IDX files, {train,t10k}-{images-idx3,labels-idx1}-ubyte, each plain or .gz.
// Sizes come from the files, so smaller folders of the same form are as good.
#include <array>
#include <filesystem>
#include <string>
#include <string_view>

#include <tnn/data/idx.hpp>
#include <tnn/data/labelled_images.hpp>

namespace tnn {

/// Where Debian's package dataset-fashion-mnist puts it.
inline constexpr const char* fashion_mnist_default_dir = "/usr/share/datasets/fashion-mnist";

/// The classes' names, by label.
inline constexpr std::array<std::string_view, 10> fashion_mnist_class_names = {
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
    "Sandal",      "Shirt",   "Sneaker",  "Bag",   "Ankle boot"};

enum class Split { train, test };

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
inline LabelledImages fashion_mnist(const std::filesystem::path& folder, Split which) {
  const std::string prefix = which == Split::train ? "train" : "t10k";
  const auto images = detail::find_fashion_mnist(folder, prefix + "-images-idx3-ubyte");
  const auto labels = detail::find_fashion_mnist(folder, prefix + "-labels-idx1-ubyte");
  return read_idx_images("Fashion-MNIST " + prefix, images, labels,
                         static_cast<int>(fashion_mnist_class_names.size()));
}

}  // namespace tnn
