#pragma once
// alexnet pictures: what a run looks like, as PNG files in its folder.
#include <algorithm>
#include <cmath>
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
#include "run_identity.hpp"
#include "run_log.hpp"
#include "weights_note.hpp"

namespace program {

/// A contact sheet of what a run with augmentation was trained on: in each row an image, and how it
/// was seen in the first epochs. Says whether there was any.
inline bool draw_augmented(const fs::path& run, const fs::path& data) {
  const fs::path last = run / "last.safetensors";
  if (!fs::exists(last)) return false;
  train_options options;
  adopt_run_options(options, tnn::SafetensorsFile(last));
  if (options.augment.none()) return false;
  constexpr int rows = 6, columns = 8, side = 224;
  const tnn::LabelledImages all = tnn::fashion_mnist(data, tnn::Split::train);
  const tnn::LabelledImages first = all.first(std::min<std::int64_t>(rows, all.size()));
  const image_set seen = augmented(first, options.augment, options.pixels);
  const tnn::Normalise norm = normalise(options.pixels, 1);
  const auto level = [&](float value) {  // undoes the normalisation
    const double light = static_cast<double>(value) * norm.deviation[0] + norm.mean[0];
    return static_cast<std::uint8_t>(std::lround(255 * std::clamp(light, 0.0, 1.0)));
  };
  std::vector<pictures::grey_image> tiles;
  std::vector<float> x(side * side);
  for (std::int64_t i = 0; i < first.size(); ++i) {
    const auto whole = first.image(i);
    tiles.push_back({first.width(), first.height(), {whole.begin(), whole.end()}});
    for (std::uint64_t epoch = 0; epoch < columns - 1; ++epoch) {
      std::int32_t label = 0;
      tnn::Draws draws(options.seed, tnn::random_stream::samples, epoch,
                       static_cast<std::uint32_t>(i));
      seen.write(i, draws, std::span(x), std::span(&label, 1));
      pictures::grey_image tile{side, side, {}};
      for (const float value : x) tile.pixels.push_back(level(value));
      tiles.push_back(std::move(tile));
    }
  }
  pictures::draw_contact_sheet(run / "augmented.png", tiles, columns,
                               "Training images, and how the first epochs saw them");
  return true;
}

template <class Backend>
void draw_on(Backend backend, const pictures_options& options) {
  using model_type = tnn::Model<tnn::AlexNet<>, Backend>;
  constexpr int tiles = 24;
  if (network_in(options.run / "best.safetensors").first != 1)
    throw tnn::error(tnn::detail::printable_path(options.run) +
                     " is of a run on colour images, which are not drawn: alexnet report has its "
                     "curves and filters");
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
  const image_set samples = for_network(images, pixels_of(options.pixels, weights));
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
  const bool has_augmented = draw_augmented(options.run, options.data);
  fmt::print("drew {}{}filters.png and predictions.png{}\n", curve.empty() ? "" : "loss.png, ",
             has_augmented ? "augmented.png, " : "",
             curve.empty() ? " (no steps.jsonl: no curve)" : "");
}

}  // namespace program
