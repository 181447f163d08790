#pragma once
// alexnet report, and the page of `train --live`: what the report of a run needs of a model.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <tnn/alexnet.hpp>
#include <tnn/core/classes.hpp>
#include <tnn/data/fashion_mnist.hpp>
#include <tnn/data/loader.hpp>
#include <tnn/io/weights.hpp>
#include <tnn/train/evaluate.hpp>

#include "images.hpp"
#include "memory.hpp"
#include "net.hpp"
#include "not_finite.hpp"
#include "pictures.hpp"
#include "progress.hpp"
#include "report.hpp"
#include "run.hpp"
#include "run_identity.hpp"
#include "weights_note.hpp"

namespace program {

/// The report of a run as far as its logs tell it.
template <class Net>
report_data logged(const tnn::detail::file_place& metrics, const tnn::detail::file_place& steps,
                   const tnn::detail::file_place& calls) {
  report_data r;
  r.network = facts_of<Net>("AlexNet");
  r.data = "Fashion-MNIST";
  r.classes.assign(tnn::fashion_mnist_class_names.begin(), tnn::fashion_mnist_class_names.end());
  r.curves = read_curves(metrics, steps);
  r.calls = read_calls(calls);
  return r;
}

template <class Model>
void add_filters(report_data& r, const Model& model) {
  const auto& first = tnn::parameters_table<typename Model::network>[0];
  std::vector<float> weights(static_cast<std::size_t>(first.size));
  model.read(first.name, weights);
  r.filters = pictures::filter_sheet(weights, first.shape[0], first.shape[1], first.shape[2],
                                     first.shape[3]);
  r.filters_shape = fmt::format("{} filters of {}", first.shape[0],
                                shape_text({first.shape.begin() + 1, first.shape.end()}));
}

/// Runs the model over the images once. tnn::error where its outputs are no finite numbers.
template <class Model>
test_result tested(const Model& model, const tnn::LabelledImages& images,
                   const pixel_options& pixels, const fs::path& weights) {
  constexpr std::size_t shown = 12;
  struct wrong {
    std::int64_t image;
    std::int32_t predicted, truth;
    double probability;
  };
  std::vector<wrong> mistakes;
  tnn::ClassificationMetrics metrics(images.classes());
  tnn::Loader<image_set> source(for_network(images, pixels), {.batch = model.capacity()});
  progress bar(when_unread::fail);
  std::vector<float> y;
  std::int64_t done = 0;
  source.start(0);
  while (const auto* batch = source.next()) {
    y.resize(static_cast<std::size_t>(batch->count * Model::output_size));
    model.forward(batch->x, y);
    for (std::size_t i = 0; i < batch->targets.size(); ++i, ++done) {
      const auto logits =
          std::span<const float>(y).subspan(i * Model::output_size, Model::output_size);
      metrics.add(logits, batch->targets[i]);
      const std::int32_t best = tnn::top_k(logits, 1)[0];
      if (best != batch->targets[i])
        mistakes.push_back(
            {done, best, batch->targets[i], tnn::softmax(logits)[static_cast<std::size_t>(best)]});
    }
    bar.show("testing", done, images.size(), "images");
  }
  if (!std::isfinite(metrics.loss()))
    throw not_finite("the loss on the test images", metrics.loss(), weights);
  test_result t{metrics.count(), metrics.loss(), metrics.top(1), metrics.top(5), {}, {}};
  for (int label = 0; label < metrics.classes(); ++label) {
    t.confusion.emplace_back();
    for (int p = 0; p < metrics.classes(); ++p)
      t.confusion.back().push_back(metrics.confusion(label, p));
  }
  std::stable_sort(mistakes.begin(), mistakes.end(),
                   [](const wrong& a, const wrong& b) { return a.probability > b.probability; });
  for (std::size_t i = 0; i < std::min(shown, mistakes.size()); ++i) {
    const wrong& m = mistakes[i];
    const auto bytes = images.image(m.image);
    t.worst.push_back({{images.width(), images.height(), {bytes.begin(), bytes.end()}},
                       m.predicted,
                       m.truth,
                       m.probability});
  }
  return t;
}

/// What a checkpoint says of its run's options: `run.batch` is batch.
inline std::map<std::string, std::string> options_in(const tnn::SafetensorsFile& checkpoint) {
  std::map<std::string, std::string> options;
  for (const auto& [name, value] : checkpoint.metadata())
    if (name.starts_with("run.")) options[name.substr(4)] = value;
  return options;
}

template <class Net, class Backend>
void report_on(Backend backend, const report_options& options) {
  const fs::path last = options.run / "last.safetensors", best = options.run / "best.safetensors";
  const fs::path metrics = options.run / "metrics.jsonl", page = options.run / "report.html";
  if (!fs::exists(metrics) && !fs::exists(best))
    throw tnn::error(tnn::detail::printable_path(options.run) +
                     " holds neither metrics.jsonl nor best.safetensors: --run names the folder "
                     "that was a training's --out");
  report_data r = logged<Net>(metrics, options.run / "steps.jsonl", options.run / "run.json");
  r.folder = options.run.string();
  train_options of_run;  // images are given to the network as the run gave them
  of_run.pixels = options.pixels;
  of_run.given = options.given;
  if (fs::exists(last)) {
    const tnn::SafetensorsFile checkpoint(last);
    r.options = options_in(checkpoint);
    adopt_run_options(of_run, checkpoint);
  }
  if constexpr (!std::is_same_v<Net, GreyNet>) {
    r.data = "a folder of images";
    r.classes.clear();
  }
  if (fs::exists(best)) {
    require_memory(
        backend,
        tnn::bytes_of<Net, Backend>(options.batch, tnn::mode::infer, backend.thread_count())
            .total(),
        options.batch);
    tnn::Model<Net, Backend> model{
        std::move(backend), {.capacity = options.batch, .initialise = tnn::zero_initialisation}};
    tnn::load(model, best);
    note_origin(best);
    add_filters(r, model);
    if constexpr (std::is_same_v<Net, GreyNet>) {
      const tnn::LabelledImages data = tnn::fashion_mnist(options.data, tnn::Split::test);
      require_limit(options.limit, data.name(), data.size());
      r.test =
          tested(model, options.limit > 0 ? data.first(options.limit) : data, of_run.pixels, best);
    } else {
      r.classes =
          classes_of(best, tnn::input_t<Net>::extent(0), tnn::Model<Net, Backend>::output_size);
    }
  }
  tnn::write_file_atomically(page, report_page(r));
  fmt::print("wrote {}\n", tnn::detail::printable_path(page));
}

}  // namespace program
