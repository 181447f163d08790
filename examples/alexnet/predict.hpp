#pragma once
// alexnet predict: the five likeliest classes of pictures of any size. Like the images it was
// trained on, the thing should be bright on a dark ground.
#include <cmath>
#include <span>
#include <vector>

#include <fmt/format.h>

#include <tnn/alexnet.hpp>
#include <tnn/core/classes.hpp>
#include <tnn/data/fashion_mnist.hpp>
#include <tnn/data/resize.hpp>
#include <tnn/io/weights.hpp>

#include "image.hpp"
#include "images.hpp"
#include "not_finite.hpp"
#include "run.hpp"
#include "weights_note.hpp"

namespace program {

/// What a file's weights made of an image. tnn::error where those are no numbers.
inline std::vector<float> checked_logits(std::vector<float> logits, const fs::path& weights) {
  for (const float z : logits)
    if (!std::isfinite(z)) throw not_finite("an output of the network", z, weights);
  return logits;
}

template <class Backend>
void predict_on(Backend backend, const predict_options& options) {
  using model_type = tnn::Model<tnn::AlexNet<>, Backend>;
  // All pictures are read before anything is computed: a bad one is refused at once.
  std::vector<pictures::grey_image> images;
  for (const fs::path& file : options.images) images.push_back(pictures::read_grey(file));
  model_type model{std::move(backend), {.capacity = 1, .initialise = tnn::zero_initialisation}};
  tnn::load(model, options.weights);
  note_origin(options.weights);
  std::vector<float> pixels(static_cast<std::size_t>(model_type::input_size));
  for (std::size_t i = 0; i < images.size(); ++i) {
    tnn::BilinearResize resize(images[i].height, images[i].width, 224, 224);
    resize(images[i].pixels.data(), pixels.data(), 1 / 255.0f);
    normalise(options.mean, options.deviation)(std::span(pixels));
    const std::vector<float> logits = checked_logits(model.forward(pixels), options.weights);
    const std::vector<double> p = tnn::softmax(logits);
    fmt::print("{}\n", tnn::detail::printable_path(options.images[i]));
    for (const std::int32_t k : tnn::top_k(logits, 5)) {
      const auto at = static_cast<std::size_t>(k);
      fmt::print("  {:5.1f}%  {}\n", 100 * p[at], tnn::fashion_mnist_class_names[at]);
    }
  }
}

}  // namespace program
