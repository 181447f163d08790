#pragma once
// Images as AlexNet takes them: 224 x 224, normalised.
#include <tnn/data/labelled_images.hpp>
#include <tnn/data/transformed.hpp>

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

}  // namespace program
