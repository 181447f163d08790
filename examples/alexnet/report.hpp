#pragma once
// What a run's report holds, and the page that it becomes: one file of well-formed XHTML that loads
// nothing from elsewhere. No backend is known here; report_on.hpp fills in what a model knows.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <tnn/files/posix_file.hpp>

#include "image.hpp"
#include "network_picture.hpp"
#include "run_record.hpp"
#include "series.hpp"

namespace program {

using curve_values = std::vector<pictures::place>;  // over steps

/// What a run logged. A value that was not known is NaN.
struct run_curves {
  curve_values loss, accuracy, rate;                     ///< of training, every few steps
  curve_values validation_loss, validation_top1, speed;  ///< every epoch
  std::int64_t epochs = 0, steps = 0;
  double seconds = 0, images_per_second = 0;  ///< of the training of whole epochs
  std::optional<double> best_top1;            ///< of validation
  std::int64_t best_epoch = 0;
};

/// From metrics.jsonl and steps.jsonl; a log that does not exist is an empty one. tnn::error where
/// a line is none.
run_curves read_curves(const tnn::detail::file_place& metrics,
                       const tnn::detail::file_place& steps);

/// A test image that was taken for another class.
struct mistake {
  pictures::grey_image image;
  int predicted = 0, truth = 0;
  double probability = 0;  ///< of the class that it was taken for
};

/// How the best weights did on the test images.
struct test_result {
  std::int64_t images = 0;
  double loss = 0, top1 = 0, top5 = 0;
  std::vector<std::vector<std::int64_t>> confusion;  ///< [class][class that it was taken for]
  std::vector<mistake> worst;                        ///< the surest mistake first
};

struct report_data {
  network_facts network;
  std::string data;  ///< name of the data set
  std::vector<std::string> classes;
  run_curves curves;
  pictures::rgb_image filters;  ///< of the first layer; empty: no weights yet
  std::string filters_shape;    ///< "96 filters of 1x11x11"
  std::optional<test_result> test;
  std::map<std::string, std::string> options;  ///< that decide the weights
  std::vector<run_call> calls;
  std::string folder;  ///< of the run
  bool live = false;   ///< the run goes on, and the page fetches itself anew
};

/// The whole page.
std::string report_page(const report_data& report);

/// Its sections on the test images (report_images.cpp).
std::string confusion_section(const std::vector<std::string>& classes, const test_result& test);
std::string mistakes_section(const std::vector<std::string>& classes, const test_result& test);

}  // namespace program
