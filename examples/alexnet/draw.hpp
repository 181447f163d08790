#pragma once
// alexnet pictures: what a run looks like, as PNG files in its folder.
#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <tnn/alexnet.hpp>
#include <tnn/data/fashion_mnist.hpp>
#include <tnn/io/weights.hpp>

#include "images.hpp"
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

  const tnn::LabelledImages data = tnn::fashion_mnist(options.data, tnn::Split::test);
  const auto images = data.first(std::min<std::int64_t>(tiles, data.size()));
  if (images.size() == 0) throw tnn::error(data.name() + " holds no image to draw");
  const network_images samples = images_for_network(images, options.mean, options.deviation);
  std::vector<float> x(static_cast<std::size_t>(model_type::input_size));
  std::vector<pictures::prediction_tile> grid;
  for (std::int64_t i = 0; i < images.size(); ++i) {
    std::int32_t label = 0;
    tnn::Draws none(0, tnn::random_stream::samples, 0);
    samples.write(i, none, std::span(x), std::span(&label, 1));
    const std::vector<float> logits = checked_logits(model.forward(x), weights);
    const std::vector<double> p = tnn::softmax(logits);
    const auto best = static_cast<std::size_t>(tnn::top_k(logits, 1)[0]);
    const auto pixels = images.image(i);
    grid.push_back({{images.width(), images.height(), {pixels.begin(), pixels.end()}},
                    std::string(tnn::fashion_mnist_class_names[best]),
                    p[best],
                    std::string(tnn::fashion_mnist_class_names[static_cast<std::size_t>(label)])});
  }
  pictures::draw_predictions(options.run / "predictions.png", grid,
                             "The first test images and what they were taken for");
  fmt::print("drew {}\n", curve.empty()
                              ? "filters.png and predictions.png (no steps.jsonl: no curve)"
                              : "loss.png, filters.png and predictions.png");
}

}  // namespace program
