#pragma once
// alexnet predict: the five likeliest classes of pictures of any size. Like the images it was
// trained on, the thing should be bright on a dark ground.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include <fmt/format.h>

#include <tnn/alexnet.hpp>
#include <tnn/data/fashion_mnist.hpp>
#include <tnn/data/resize.hpp>
#include <tnn/io/weights.hpp>

#include "image.hpp"
#include "not_finite.hpp"
#include "run.hpp"
#include "weights_note.hpp"

namespace program {

/// Probabilities of the classes, by the logits that the weights of a file gave. tnn::error where
/// those are no numbers.
inline std::vector<double> softmax(std::span<const float> logits, const fs::path& weights) {
  for (const float z : logits)
    if (!std::isfinite(z)) throw not_finite("an output of the network", z, weights);
  const double highest = *std::max_element(logits.begin(), logits.end());
  std::vector<double> p;
  double sum = 0;
  for (const float z : logits) {
    p.push_back(std::exp(static_cast<double>(z) - highest));
    sum += p.back();
  }
  for (double& x : p) x /= sum;
  return p;
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
  std::vector<float> logits(static_cast<std::size_t>(model_type::output_size));
  for (std::size_t i = 0; i < images.size(); ++i) {
    tnn::bilinear_resize resize(images[i].height, images[i].width, 224, 224);
    resize(images[i].pixels.data(), pixels.data(), 1 / (255 * options.deviation),
           -options.mean / options.deviation);
    model.forward(pixels, logits);
    const std::vector<double> p = softmax(logits, options.weights);
    std::vector<std::size_t> order(p.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return p[a] > p[b]; });
    fmt::print("{}\n", tnn::detail::printable_path(options.images[i]));
    for (std::size_t k = 0; k < 5; ++k)
      fmt::print("  {:5.1f}%  {}\n", 100 * p[order[k]], tnn::fashion_mnist_class_names[order[k]]);
  }
}

}  // namespace program
