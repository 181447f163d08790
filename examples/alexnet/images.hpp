#pragma once
// Images as AlexNet takes them: 224 x 224, normalised; to train on, changed at random if asked.
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include <tnn/data/augment/colour.hpp>
#include <tnn/data/augment/geometry.hpp>
#include <tnn/data/labelled_images.hpp>
#include <tnn/data/transformed.hpp>

#include "run.hpp"

namespace program {

/// As --mean and --std say.
inline tnn::Normalise normalise(float mean, float deviation) {
  return {.mean = {static_cast<double>(mean)}, .deviation = {static_cast<double>(deviation)}};
}

using network_images = tnn::Transformed<tnn::ResizedImages, tnn::Normalise>;

inline network_images images_for_network(const tnn::LabelledImages& images, float mean,
                                         float deviation) {
  return network_images(images.resized(224, 224), normalise(mean, deviation));
}

/// The crops and flips that a training asks for, of images of 224 x 224.
inline auto augmented(const tnn::LabelledImages& images, const augmentation& how) {
  tnn::RandomResizedCrop<224> crop{.scale = {how.crop, 1}};
  if (how.crop == 1) crop.ratio = {1, 1};
  return tnn::Transformed{images, crop, tnn::RandomHorizontalFlip{how.flip}};
}

/// Images to train on, whatever is done to them: one type, so that training is compiled once.
class training_images {
 public:
  using target = std::int32_t;

  training_images(const tnn::LabelledImages& images, const augmentation& how, float mean,
                  float deviation)
      : size_(images.size()), classes_(images.classes()) {
    if (how.none())
      hold(images_for_network(images, mean, deviation));
    else  // what is erased becomes 0 behind the normalisation: --mean
      hold(tnn::Transformed{augmented(images, how), normalise(mean, deviation),
                            tnn::RandomErasing{.probability = how.erase}});
  }

  [[nodiscard]] std::int64_t size() const { return size_; }
  [[nodiscard]] std::span<const int> shape() const { return shape_; }
  [[nodiscard]] int classes() const { return classes_; }
  void write(std::int64_t i, tnn::Draws& draws, std::span<float> x,
             std::span<std::int32_t> label) const {
    write_(i, draws, x, label);
  }

 private:
  template <class D>
  void hold(D data) {
    shape_.assign(data.shape().begin(), data.shape().end());
    write_ = [held = std::move(data)](std::int64_t i, tnn::Draws& draws, std::span<float> x,
                                      std::span<std::int32_t> label) {
      held.write(i, draws, x, label);
    };
  }

  std::int64_t size_;
  int classes_;
  std::vector<int> shape_;
  std::function<void(std::int64_t, tnn::Draws&, std::span<float>, std::span<std::int32_t>)> write_;
};

}  // namespace program
