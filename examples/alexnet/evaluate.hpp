#pragma once
// alexnet evaluate: loss, top-1, top-5 and the confusion matrix on the test images.
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <tnn/alexnet.hpp>
#include <tnn/files/printable.hpp>
#include <tnn/io/weights.hpp>
#include <tnn/train/evaluate.hpp>

#include "images.hpp"
#include "memory.hpp"
#include "not_finite.hpp"
#include "progress.hpp"
#include "run.hpp"
#include "run_identity.hpp"
#include "weights_note.hpp"

namespace program {

inline void print_confusion(const tnn::ClassificationMetrics& m,
                            const std::vector<std::string>& classes) {
  fmt::print("\nrows: what it is; columns: what it was taken for\n{:12}", "");
  for (int p = 0; p < m.classes(); ++p) fmt::print("{:>6}", p);
  fmt::print("   right\n");
  for (int label = 0; label < m.classes(); ++label) {
    std::int64_t all = 0;
    for (int p = 0; p < m.classes(); ++p) all += m.confusion(label, p);
    fmt::print("{} {:10}", label, tnn::detail::printable(classes[static_cast<std::size_t>(label)]));
    for (int p = 0; p < m.classes(); ++p) fmt::print("{:>6}", m.confusion(label, p));
    fmt::print("  {:5.1f}%\n", all > 0 ? 100.0 * static_cast<double>(m.confusion(label, label)) /
                                             static_cast<double>(all)
                                       : 0.0);
  }
}

template <class Net, class Backend>
void evaluate_on(Backend backend, const evaluate_options& options) {
  using model_type = tnn::Model<Net, Backend>;
  constexpr int channels = tnn::input_t<Net>::extent(0);
  if ((channels == 3) == options.images.empty())
    throw tnn::error(tnn::detail::printable_path(options.weights) +
                     (channels == 3
                          ? " holds weights for colour images: name a folder with --images"
                          : " holds weights for Fashion-MNIST: leave out --images"));
  const test_data data = open_test_data(options.images, options.data, options.limit,
                                        pixels_of(options.pixels, options.weights));
  require_memory(
      backend,
      tnn::bytes_of<Net, Backend>(options.batch, tnn::mode::infer, backend.thread_count()).total(),
      options.batch);
  model_type model{std::move(backend),
                   {.capacity = options.batch, .initialise = tnn::zero_initialisation}};
  tnn::load(model, options.weights);
  require_classes(options.weights, model_type::output_size, data);
  note_origin(options.weights);
  progress bar(when_unread::fail);
  pace speed;
  std::int64_t before = 0;
  const auto metrics = tnn::evaluate(model, data.images, [&](std::int64_t done) {
    speed.add(done - before);
    before = done;
    if (!options.json)
      bar.show("evaluating", done, data.images.size(),
               fmt::format("{:.1f} images/s", speed.images_per_second()));
    return true;
  });
  if (!std::isfinite(metrics.loss()))
    throw not_finite("the loss on the test images", metrics.loss(), options.weights);
  if (options.json) {
    nlohmann::ordered_json confusion = nlohmann::ordered_json::array();
    for (int label = 0; label < metrics.classes(); ++label) {
      confusion.push_back(nlohmann::ordered_json::array());
      for (int p = 0; p < metrics.classes(); ++p)
        confusion.back().push_back(metrics.confusion(label, p));
    }
    const nlohmann::ordered_json report{{"images", metrics.count()},
                                        {"loss", metrics.loss()},
                                        {"top1", metrics.top(1)},
                                        {"top5", metrics.top(5)},
                                        {"confusion", confusion}};
    fmt::print("{}\n", report.dump());
    return;
  }
  bar.say(fmt::format("{} test images: loss {:.4f}, top-1 {:.2f}%, top-5 {:.2f}%", metrics.count(),
                      metrics.loss(), 100 * metrics.top(1), 100 * metrics.top(5)));
  constexpr int most_shown = 30;  // classes: a table of more is too wide for any window
  if (metrics.classes() <= most_shown) print_confusion(metrics, data.class_names);
}

}  // namespace program
