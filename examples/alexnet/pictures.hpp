#pragma once
// The pictures that a training run leaves behind: PNG files about 1000 pixels wide. Each function
// throws tnn::error when its file cannot be written.
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "image.hpp"

namespace pictures {

/// What training knew after a step. NaN: not known, left out. Accuracy from 0 to 1.
struct curve_point {
  std::int64_t step;
  double loss;
  double accuracy;
};

/// Where draw_loss_curve's axes enclose the curves, in pixels from the upper left of 1000 x 560.
struct curve_area {
  static constexpr int left = 80, top = 100, right = 920, bottom = 490;
};

/// Loss (left axis, from 0) and accuracy (right axis, 0 to 100%) over steps, in rising order. From
/// 40 points on, the points are drawn pale and their running mean over them.
void draw_loss_curve(const std::filesystem::path& path, std::span<const curve_point> points,
                     std::string_view title = "Training");

/// Convolution filters (filters, channels, kernel_h, kernel_w), a pixel a weight: 0 is grey, each
/// filter's largest absolute weight black or white. Three channels are drawn as colours, any other
/// number as its mean. tnn::error where there are not as many weights.
std::vector<rgb_image> filter_tiles(std::span<const float> weights, int filters, int channels,
                                    int kernel_h, int kernel_w);

/// All of them in one small image, with a line of white between them.
rgb_image filter_sheet(std::span<const float> weights, int filters, int channels, int kernel_h,
                       int kernel_w);

/// All of them large, with a title, in a file.
void draw_filters(const std::filesystem::path& path, std::span<const float> weights, int filters,
                  int channels, int kernel_h, int kernel_w,
                  std::string_view title = "First-layer filters");

/// A test image with the class it was taken for, how surely (0 to 1), and the class it is.
struct prediction_tile {
  grey_image image;
  std::string predicted;
  double probability;
  std::string truth;
};

/// A grid, six to a row: the frame and the predicted name are green where it is right, else red.
void draw_predictions(const std::filesystem::path& path, std::span<const prediction_tile> tiles,
                      std::string_view title = "Predictions on test images");

/// A grid of images, so many to a row.
void draw_contact_sheet(const std::filesystem::path& path, std::span<const grey_image> tiles,
                        int columns, std::string_view title = "Augmented images");

}  // namespace pictures
