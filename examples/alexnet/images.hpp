#pragma once
// Images as AlexNet takes them, 224 x 224 and normalised, from Fashion-MNIST or a folder a class;
// to train on, changed at random if asked.
#include <algorithm>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <tnn/data/augment/normalise.hpp>
#include <tnn/data/labelled_images.hpp>
#include <tnn/data/source.hpp>

#include "run.hpp"

namespace program {

/// As --mean and --std say, one for all channels or one for each; if they say nothing, 0 and 1, and
/// of colour images those of ImageNet, as torchvision's networks take them. tnn::error for another
/// number of them.
tnn::Normalise normalise(const pixel_options& pixels, int channels);

/// Images, whatever is done to them: one type, so that training is compiled once for each network.
class image_set {
 public:
  using target = std::int32_t;

  template <class D>
  requires(!std::is_same_v<D, image_set>) explicit image_set(D data)
      : size_(data.size()),
        classes_(data.classes()),
        shape_(data.shape().begin(), data.shape().end()),
        write_([held = std::move(data)](std::int64_t i, tnn::Draws& draws, std::span<float> x,
                                        std::span<std::int32_t> label) {
          held.write(i, draws, x, label);
        }) {}

  [[nodiscard]] std::int64_t size() const { return size_; }
  [[nodiscard]] std::span<const int> shape() const { return shape_; }
  [[nodiscard]] int classes() const { return classes_; }
  /// Evenly chosen, n of them or all: of a folder's images the first are of one class.
  [[nodiscard]] image_set some(std::int64_t n) const {
    if (n >= size_) return *this;
    image_set part = *this;
    part.size_ = n;
    part.write_ = [whole = *this, n](std::int64_t i, tnn::Draws& draws, std::span<float> x,
                                     std::span<std::int32_t> label) {
      whole.write(i * whole.size() / n, draws, x, label);
    };
    return part;
  }
  void write(std::int64_t i, tnn::Draws& draws, std::span<float> x,
             std::span<std::int32_t> label) const {
    write_(i, draws, x, label);
  }

 private:
  std::int64_t size_;
  int classes_;
  std::vector<int> shape_;
  std::function<void(std::int64_t, tnn::Draws&, std::span<float>, std::span<std::int32_t>)> write_;
};

/// What is known of the images of a run before any is read.
struct data_facts {
  std::string name;      ///< for messages
  std::string checksum;  ///< of Fashion-MNIST's bytes; of a folder's names and sizes of files
  std::int64_t size = 0, held_out = 0;
  std::vector<std::string> class_names{};
};

struct training_data : data_facts {
  image_set changed;   ///< to train on, changed at random as was asked
  image_set plain;     ///< the same images as they are
  image_set held_out;  ///< to validate with
};

/// Of --images, or Fashion-MNIST. tnn::error unless some are left to train on.
training_data open_training_data(const train_options& options);

struct test_data {
  std::string name;
  std::vector<std::string> class_names;
  image_set images;
};

/// Of --images, or Fashion-MNIST's test images.
test_data open_test_data(const fs::path& folder, const fs::path& fashion, int limit,
                         const pixel_options& pixels);

/// tnn::error where --limit asks for more than there are.
void require_limit(int limit, const std::string& name, std::int64_t size);

/// How many classes --images has; its files are not looked at. tnn::error for fewer than two.
int classes_in(const fs::path& folder);

/// Names of classes as a file's metadata has them, a JSON array, and back; none where the text is
/// no such array. A folder may be called anything: what is no UTF-8 becomes U+FFFD.
std::string text_of_classes(const std::vector<std::string>& names);
std::vector<std::string> classes_from(const std::string& text);

/// One file as a network of so many channels takes it. tnn::error where it is no image.
std::vector<float> read_picture(const fs::path& file, int channels, const pixel_options& pixels);

/// Grey images as the network takes them, and as training with `how` does.
image_set for_network(const tnn::LabelledImages& images, const pixel_options& pixels);
image_set augmented(const tnn::LabelledImages& images, const augmentation& how,
                    const pixel_options& pixels);

}  // namespace program
