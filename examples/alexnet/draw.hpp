#pragma once
// alexnet pictures: what a run looks like, as PNG files in its folder.
#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <tnn/alexnet.hpp>
#include <tnn/data/fashion_mnist.hpp>
#include <tnn/data/loader.hpp>
#include <tnn/io/weights.hpp>
#include <tnn/train/evaluate.hpp>

#include "pictures.hpp"
#include "predict.hpp"
#include "run.hpp"
#include "run_log.hpp"
#include "weights_note.hpp"

namespace program {

template <class Backend>
void draw_on(Backend backend, const pictures_options& options) {
  using model_type = tnn::Model<tnn::AlexNet<>, Backend>;
  constexpr int tiles = 24;
  model_type model{std::move(backend), {.capacity = tiles, .initialise = tnn::zero_initialisation}};
  const fs::path weights = options.run / "best.safetensors";
  tnn::load(model, weights);
  note_origin(weights);

  const std::vector<pictures::curve_point> curve = read_curve(options.run / "steps.jsonl");
  if (!curve.empty())
    pictures::draw_loss_curve(options.run / "loss.png", curve, "Training loss and accuracy");

  const auto& first = tnn::parameters_table<tnn::AlexNet<>>[0];
  std::vector<float> filters(static_cast<std::size_t>(first.size));
  model.read(first.name, filters);
  pictures::draw_filters(options.run / "filters.png", filters, first.shape[0], first.shape[1],
                         first.shape[2], first.shape[3], "The 96 filters of the first layer");

  const tnn::labelled_images data = tnn::fashion_mnist(options.data, tnn::split::test);
  const auto images = data.first(std::min(tiles, data.count()));
  tnn::Loader source(images, tnn::detail::options_for<model_type>(
                                 images, {options.mean, options.deviation}, tiles));
  source.start(0);
  const tnn::batch_view* batch = source.next();
  if (batch == nullptr) throw tnn::error(data.name() + " holds no image to draw");
  constexpr auto classes = static_cast<std::size_t>(model_type::output_size);
  std::vector<float> logits(static_cast<std::size_t>(batch->count) * classes);
  model.forward(batch->images, logits);
  std::vector<pictures::prediction_tile> grid;
  for (int i = 0; i < batch->count; ++i) {
    const std::vector<double> p =
        softmax(std::span(logits).subspan(static_cast<std::size_t>(i) * classes, classes), weights);
    const auto best = std::max_element(p.begin(), p.end()) - p.begin();
    const auto pixels = images.image(i);
    grid.push_back({{images.width, images.height, {pixels.begin(), pixels.end()}},
                    std::string(tnn::fashion_mnist_class_names[static_cast<std::size_t>(best)]),
                    p[static_cast<std::size_t>(best)],
                    std::string(tnn::fashion_mnist_class_names[static_cast<std::size_t>(
                        batch->labels[static_cast<std::size_t>(i)])])});
  }
  pictures::draw_predictions(options.run / "predictions.png", grid,
                             "The first test images and what they were taken for");
  fmt::print("drew {}\n", curve.empty()
                              ? "filters.png and predictions.png (no steps.jsonl: no curve)"
                              : "loss.png, filters.png and predictions.png");
}

}  // namespace program
