#pragma once
// A network and data small enough to be trained many times in a test.
#include <cstdint>
#include <vector>

#include <tnn/core/philox.hpp>
#include <tnn/data/labelled_images.hpp>
#include <tnn/data/transformed.hpp>
#include <tnn/tnn.hpp>

using small_net = tnn::Sequential<tnn::Input<1, 12, 12>, tnn::Conv2d<6, tnn::Kernel<3>>, tnn::ReLU,
                                  tnn::MaxPool2d<tnn::Kernel<2>>, tnn::Flatten, tnn::Linear<24>,
                                  tnn::ReLU, tnn::Dropout<tnn::Percent<25>>, tnn::Linear<4>>;

/// As small_net takes them.
inline tnn::ResizedImages small(const tnn::LabelledImages& images) {
  return images.resized(12, 12);
}

/// Noise of 9 x 7 pixels with one bright quarter, whose number is the label.
inline tnn::LabelledImages quarters(int count, std::uint64_t seed = 1) {
  std::vector<std::uint8_t> pixels;
  std::vector<std::int32_t> labels;
  for (int i = 0; i < count; ++i) {
    const auto index = static_cast<std::uint32_t>(i);
    const int label = static_cast<int>(tnn::philox(seed, index, 0, 0, 1).v[0] % 4);
    for (int y = 0; y < 9; ++y)
      for (int x = 0; x < 7; ++x) {
        const auto at = static_cast<std::uint32_t>(y * 7 + x);
        const std::uint32_t noise = tnn::philox(seed, index, at, 0, 0).v[0] % 160;
        const bool bright = (y > 4) == (label / 2 == 1) && (x > 3) == (label % 2 == 1);
        pixels.push_back(static_cast<std::uint8_t>(noise + (bright ? 95 : 0)));
      }
    labels.push_back(label);
  }
  return {"quarters", 1, 9, 7, 4, std::move(pixels), std::move(labels)};
}
