#pragma once
// alexnet predict: the five likeliest classes of pictures of any size. For weights of Fashion-MNIST
// the thing should be bright on a dark ground, as in the images that they were trained on.
#include <cmath>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <tnn/alexnet.hpp>
#include <tnn/core/classes.hpp>
#include <tnn/io/weights.hpp>

#include "images.hpp"
#include "not_finite.hpp"
#include "run.hpp"
#include "run_identity.hpp"
#include "weights_note.hpp"

namespace program {

/// What a file's weights made of an image. tnn::error where those are no numbers.
inline std::vector<float> checked_logits(std::vector<float> logits, const fs::path& weights) {
  for (const float z : logits)
    if (!std::isfinite(z)) throw not_finite("an output of the network", z, weights);
  return logits;
}

template <class Net, class Backend>
void predict_on(Backend backend, const predict_options& options) {
  using model_type = tnn::Model<Net, Backend>;
  constexpr int channels = tnn::input_t<Net>::extent(0);
  const pixel_options pixels = pixels_of(options.pixels, options.weights);
  // All pictures are read before anything is computed: a bad one is refused at once.
  std::vector<std::vector<float>> images;
  for (const fs::path& file : options.images)
    images.push_back(read_picture(file, channels, pixels));
  model_type model{std::move(backend), {.capacity = 1, .initialise = tnn::zero_initialisation}};
  tnn::load(model, options.weights);
  note_origin(options.weights);
  const std::vector<std::string> classes =
      classes_of(options.weights, channels, model_type::output_size);
  for (std::size_t i = 0; i < images.size(); ++i) {
    const std::vector<float> logits = checked_logits(model.forward(images[i]), options.weights);
    const std::vector<double> p = tnn::softmax(logits);
    fmt::print("{}\n", tnn::detail::printable_path(options.images[i]));
    for (const std::int32_t k : tnn::top_k(logits, 5)) {
      const auto at = static_cast<std::size_t>(k);
      fmt::print("  {:5.1f}%  {}\n", 100 * p[at], tnn::detail::printable(classes[at]));
    }
  }
}

}  // namespace program
